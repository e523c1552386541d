"""People: the mean over all people of a home, for its owner."""

from recovery.report.people.people import content

__all__ = ["content"]
