"""Weeks: the days themselves, a month at a time."""

from recovery.report.weeks.weeks import Weeks, beside_newest, content, months, pages

__all__ = ["Weeks", "beside_newest", "content", "months", "pages"]
