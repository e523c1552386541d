"""Estimates of the effects of massages, with tests and verdicts: arrays and dates in, frozen results out; no DuckDB."""
