"""People: the mean over all people of a home, for researchers; nothing of one of them."""

from recovery.report.people.people import People, content, has_mean

__all__ = ["People", "content", "has_mean"]
