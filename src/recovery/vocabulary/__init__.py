"""Enums and frozen tables of what the program speaks of: windows, families, units, verdicts."""
