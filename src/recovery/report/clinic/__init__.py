"""Clinic: who of several people needs a word."""

from recovery.report.clinic.clinic import Clinic, content

__all__ = ["Clinic", "content"]
