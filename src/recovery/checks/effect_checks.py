"""What was looked at before an effect was believed."""

from recovery.checks._kinds import NoRows, Told, Unique, Within

RELATION = "effect_checks"
KEY = ("subject", "metric", "window", "ordinal")
PLACE = "metric || ' ' || \"window\" || ' ' || ordinal"
CHECKS = (
    Unique("critical", "A check of an effect is there once.", KEY),
    Within("critical", "Checks are counted from 1.", "ordinal", low=1),
    Told("critical", "Every check has a name.", "name"),
    Told("critical", "Every check says whether it passed.", "passed"),
    Told("critical", "Every check has its sentence.", "sentence"),
    NoRows(
        "critical",
        "Every check belongs to an effect.",
        f"""select told.subject, told.{PLACE} as place, told.name as value
        from pub.effect_checks as told
        anti join pub.effects using (subject, metric, "window")""",
    ),
)
