"""Today: what happened, how sure that is, what to do next, and where to write things down."""

from recovery.report.today.today import Today, content

__all__ = ["Today", "content"]
