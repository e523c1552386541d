"""Weeks: the days themselves, a month at a time."""

from recovery.report.weeks.weeks import Weeks, content, months

__all__ = ["Weeks", "content", "months"]
