"""Evidence: all that was measured and how the answers came about, for whoever wants to check them."""

from recovery.report.evidence.evidence import content

__all__ = ["content"]
