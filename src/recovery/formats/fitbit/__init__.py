"""What the files of Fitbit's exports hold.

`global_export` reads the JSON (`json_nights` its nights, `json_series` its series, `json_elements` the elements of
a file); `tables` knows the CSV files (`csv_series` reads those that are series, `csv_rows` the others); `file` is what
all share. The reader `recovery.readers.fitbit_takeout` says which file is which.
"""
