"""Vendor units to ours."""

CM_PER_M = 100.0
METRES_PER = {"Kilometer": 1000.0, "Mile": 1609.344}  # Fitbit's names of distance units, not translated
