"""What lies in the inbox: walked, opened, recognised, and sorted into what is read and what only gets a receipt."""
