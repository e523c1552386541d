"""The rows of `relief_shares`: how often a person's massages are followed by a drop of pain."""

from collections.abc import Iterator

import numpy as np

from recovery.answers.people import Person
from recovery.answers.rows import ReliefShare
from recovery.effects.gates import MIN_MASSAGES
from recovery.effects.relief import Relief, reliefs
from recovery.vocabulary.article import PAIN
from recovery.words import relief as words


def relief_shares(person: Person) -> Iterator[ReliefShare]:
    """Two rows for each metric of pain that was measured."""
    for metric in PAIN:
        series = person.series.get(metric)
        if series is None or not np.isfinite(series.values).any():
            continue
        for found in reliefs(series.values, person.is_massage(series.counted_by), person.dates):
            yield _row(person.subject, metric, found)


def _row(subject: str, metric: str, found: Relief) -> ReliefShare:
    if found.share is None or found.share_without is None:
        reason = words.too_few(found.n_massages, MIN_MASSAGES)
    else:
        reason = words.followed(
            found.n_massages, found.n_followed, found.share, found.drop_share, found.n_days, found.share_without
        )
    return ReliefShare(
        subject,
        metric,
        found.drop_share,
        found.n_massages,
        found.n_followed,
        found.n_days,
        reason,
        massages_share=found.share,
        days_share=found.share_without,
    )
