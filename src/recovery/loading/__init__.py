"""From claimed files to the raw tables: staged as Parquet, checked for plausible values, loaded."""
