"""What the files of Fitbit's exports hold: `global_export` reads the JSON, `tables` the CSV; `file` is what both share.

The reader `recovery.readers.fitbit_takeout` says which file is which.
"""
