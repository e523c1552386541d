"""Vendor units to ours."""
