"""Sheet: two printed pages for a therapist or a doctor."""

from recovery.report.sheet.sheet import Sheet, content

__all__ = ["Sheet", "content"]
