"""Answers of one or many people made by hand, for what reads them: the pages."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from recovery import warehouse
from recovery.answers import rows
from recovery.home.settings import Settings
from recovery.report.answers import Answers, Metric

PUBLISHED = ("effects", "effect_checks", "claims", "subgroup_effects", "cohort_effects", "more_massages", "looks")


SAYS: dict[str | None, tuple[str | None, str | None]] = {  # what gives each verdict
    "supported": ("better", "clear"),
    "contradicted": ("no_better", "clear"),
    "consistent with, not shown": ("better", "likely"),
    "can't tell yet": ("unknown", "too_early"),
    "cannot be told from this data": ("unknown", "cannot_tell"),
    None: (None, None),
}


def effect(metric: str = "steps", window: str = "days_1_3", **told: Any) -> rows.Effect:
    """An effect on steps that is supported; `told` changes what it says."""
    known: dict[str, Any] = {
        "subject": "me", "metric": metric, "window": window, "family": "movement", "is_primary": True,
        "unit": "steps", "better": "up", "n_massages": 40, "n_days": 400, "checks": "", "reason": "Because of steps.",
        "verdict": "supported", "estimate": 800.0, "standard_error": 200.0, "ci_low": 400.0, "ci_high": 1200.0,
        "p_value": 0.0023, "holm_p": 0.0046, "usual": 7320.0, "worth": 600.0, "worth_from": "metric",
        "smallest_detectable": 570.0,
    }  # fmt: skip
    return rows.Effect(**{**_said(told.get("verdict", known["verdict"])), **known, **told})


def _said(verdict: str | None) -> dict[str, str | None]:
    direction, certainty = SAYS[verdict]
    return {"direction": direction, "certainty": certainty, "basis": direction and "after"}


REFUSED: dict[str, Any] = {
    "verdict": "cannot be told from this data", "estimate": None, "standard_error": None, "ci_low": None,
    "ci_high": None, "p_value": None, "holm_p": None, "smallest_detectable": None,
}  # fmt: skip
PAIN: dict[str, Any] = {
    "family": "diary", "unit": "points", "better": "down", "estimate": -1.2, "ci_low": -2.2, "ci_high": -0.2,
    "worth": 2.0, "usual": 4.5, "smallest_detectable": 1.4,
}  # fmt: skip


def check(name: str, metric: str = "steps", window: str = "days_1_3", **told: Any) -> rows.EffectCheck:
    """A check that passed."""
    known: dict[str, Any] = {
        "subject": "me", "metric": metric, "window": window, "ordinal": 1, "name": name, "passed": True,
        "sentence": f"How {name} came out.",
    }  # fmt: skip
    return rows.EffectCheck(**{**known, **told})


def claim(claim_id: str, **told: Any) -> rows.PromiseAnswer:
    """A claim that is refused."""
    known: dict[str, Any] = {
        "subject": "me", "claim_id": claim_id, "ordinal": 1, "claim": f"The claim {claim_id}.",
        "verdict": "cannot be told from this data", "reason": f"Nothing tells of {claim_id}.",
        "published_evidence": "A trial.",
    }  # fmt: skip
    return rows.PromiseAnswer(**{**_said(told.get("verdict", known["verdict"])), **known, **told})


def look(number: int, day: date, metric: str = "steps", window: str = "days_1_3", **told: Any) -> rows.LookRow:
    """A look that changed nothing and says nothing."""
    known: dict[str, Any] = {
        "subject": "me", "metric": metric, "window": window, "look": number, "local_date": day,
        "n_massages": 11 + number, "word": "unknown", "certainty": "too_early", "event": "none", "failed": "",
        "may_exclude": True, "builds_up": False, "has_built_up": False, "may_build_up": False, "digest": "",
        "data_sha256": "", "settings_sha256": "", "estimate": 500.0, "low": -300.0, "high": 1300.0, "worth": 600.0,
    }  # fmt: skip
    return rows.LookRow(**{**known, **told})


def publish(settings: Settings, answers: Sequence[rows.Row]) -> Settings:
    """Puts the relations of answers into a published database made by hand, as the files of sql/pub make them."""
    connection = warehouse.connect(settings.home.published)
    connection.execute("create schema answers")
    for path in sorted((warehouse.sql_root() / "answers").glob("*.sql")):
        connection.execute(path.read_text(encoding="utf-8"))
    rows.write(connection, answers)
    for name in PUBLISHED:
        select = (warehouse.sql_root() / "pub" / f"{name}.sql").read_text(encoding="utf-8")
        connection.execute(f"create table {name} as {select}")
    connection.execute("drop schema answers cascade")
    connection.close()
    return settings


METRICS = {
    "steps": Metric("Steps", "Steps of the day.", "movement", "steps", "up", is_nightly=False),
    "rest_share": Metric("Share spent still", "Still.", "rest", "share", "down", is_nightly=False),
    "asleep_min": Metric("Time asleep", "Asleep.", "sleep", "min", "up", is_nightly=True),
    "pain": Metric("Pain", "Pain.", "diary", "points", "down", is_nightly=False),
}
PRIMARIES = {"movement": "steps", "rest": "rest_share", "sleep": "asleep_min", "diary": "pain"}


def answers(*told: rows.Effect | rows.EffectCheck | rows.PromiseAnswer) -> Answers:
    """What was found out about one person, as it is read of the tables."""
    checks: dict[tuple[str, str], list[rows.EffectCheck]] = {}
    for row in told:
        if isinstance(row, rows.EffectCheck):
            checks.setdefault((row.metric, row.window), []).append(row)
    return Answers(
        effects={(row.metric, row.window): row for row in told if isinstance(row, rows.Effect)},
        checks=checks,
        claims=[row for row in told if isinstance(row, rows.PromiseAnswer)],
        subgroups=[],
        metrics=METRICS,
    )
