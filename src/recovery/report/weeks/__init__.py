"""Weeks: the days themselves, a month at a time."""

from recovery.report.weeks.weeks import Weeks, content, months, pages

__all__ = ["Weeks", "content", "months", "pages"]
