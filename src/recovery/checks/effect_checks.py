"""What was looked at before an effect was believed."""

from recovery.checks._kinds import NoRows, NotNull, Unique, Within

RELATION = "effect_checks"
KEY = ("subject", "metric", "window", "ordinal")
PLACE = "metric || ' ' || \"window\" || ' ' || ordinal"
CHECKS = (
    Unique("critical", "A check of an effect is there once.", KEY),
    Within("critical", "Checks are counted from 1.", "ordinal", low=1),
    NotNull("critical", "Every check has a name.", "name"),
    NotNull("critical", "Every check says whether it passed.", "passed"),
    NotNull("critical", "Every check has its sentence.", "sentence"),
    NoRows(
        "critical",
        "Every check belongs to an effect.",
        f"""select effect_checks.subject, effect_checks.{PLACE} as place, effect_checks.name as value
        from {{batch}} as effect_checks
        anti join pub.effects using (subject, metric, "window")""",
    ),
)
