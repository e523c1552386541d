-- Checks of each effect
--
-- One row per check of an effect, with the sentence that explains it.
-- grain: one row per subject, metric, window and ordinal
-- missing: a check that needs more data than there are was not made, and has no row
-- source: effects
select
    effect_checks.subject,
    effect_checks.metric,
    effect_checks."window",
    effect_checks.ordinal,
    effect_checks.name,
    effect_checks.passed,
    effect_checks.sentence
from answers.effect_checks
order by effect_checks.subject, effect_checks.metric, effect_checks."window", effect_checks.ordinal
