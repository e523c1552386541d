"""Numbers of one file that a reader read and left out, summed for the ledger."""

from datetime import date, datetime

from recovery.formats.records import Fate, Removed
from recovery.vocabulary.summed_metrics import STAGE_METRICS


class RemovedNumbers:
    """What is left out of one file; not what the format itself defines as no value, such as 0 of a day not worn."""

    def __init__(self, file: int) -> None:
        self.file = file
        self.sums: dict[Removed, tuple[int, float]] = {}  # records and amount, by all else

    def add(
        self,
        metric: str,
        reason: str,
        amount: float = 0.0,
        *,
        records: int = 1,
        source: str = "",
        day: date | datetime | None = None,
        fate: Fate = "rejected",
    ) -> None:
        """Adds numbers of a metric: how many, their sum where the metric has sums, and a date or an instant in UTC."""
        local_date = day.date() if isinstance(day, datetime) else day
        kind = Removed(self.file, metric, 0, reason, 0.0, source, local_date, fate)
        known_records, known_amount = self.sums.get(kind, (0, 0.0))
        self.sums[kind] = (known_records + records, known_amount + amount)

    def add_stage(
        self, stage: str, reason: str, minutes: float, *, source: str = "", day: datetime, fate: Fate = "rejected"
    ) -> None:
        """Adds a stage of sleep: minutes of sleep, and of its level."""
        for metric in STAGE_METRICS.get(stage, ()):
            self.add(metric, reason, minutes, source=source, day=day, fate=fate)

    def rows(self) -> tuple[Removed, ...]:
        """What was added, for the summary of the file."""
        return tuple(kind._replace(records=count, amount=amount) for kind, (count, amount) in self.sums.items())
