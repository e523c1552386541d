"""Where the figure of a change worth having comes from."""

from enum import StrEnum


class WorthFrom(StrEnum):
    """The origin of a change worth having, as the column `worth_from` of the published tables names it."""

    GOALS = "goals"  # [goals] of recovery.toml: the person's own
    USUAL = "usual"  # a share of what is usual for the person
    METRIC = "metric"  # the figure of the metric, from published studies
    VARIATION = "variation"  # a share of the day-to-day variation, where nobody knows

    @property
    def is_exact(self) -> bool:
        """Whether somebody wrote the figure down, so that it is told as it was written."""
        return self in (WorthFrom.GOALS, WorthFrom.METRIC)

    @property
    def is_assumed(self) -> bool:
        """Whether nobody has said what is worth having."""
        return self is WorthFrom.VARIATION
