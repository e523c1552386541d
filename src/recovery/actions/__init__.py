"""What a command or a page does to a home: make it, add to its logs, map a table, erase a person, invent a demo."""
