"""What the massages did: pure numbers, arrays and dates in, frozen results out; no DuckDB, no Prefect."""
