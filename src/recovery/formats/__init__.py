"""What export files are made of, shared by readers: records, entries, tables, FIT, Apple's XML, Fitbit's JSON."""
