"""Enums and frozen tables of what the program speaks of: windows, families, units, verdicts, the article's promises.

Each is defined here and nowhere else. This package imports nothing of the project. The values stand in the published
tables, in `sql/` and in `recovery.toml`; tests/vocabulary holds them against `sql/`.
"""
