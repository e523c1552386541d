"""Since when what is said of a main metric stands: from its looks, and from what the page told before.

The looks are a function of the data, so an old export that comes late changes what they would have said. What was told,
and when, is kept in `raw.told`; where the two part, the page says so.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import duckdb

from recovery.effects.look_family import SaidAt, since
from recovery.vocabulary.verdicts import FOR_THE_BETTER, Certainty, Word
from recovery.vocabulary.windows import TRIAL
from recovery.words import looks as words


@dataclass(frozen=True)
class Told:
    """One answer that the page told of a main metric, from its first day until the next one."""

    direction: Word
    certainty: Certainty
    look_date: date  # the last day that its look counted
    shown: date
    data_sha256: str
    settings_sha256: str


@dataclass(frozen=True)
class Digests:
    """Of what a look rests on."""

    data_sha256: str
    settings_sha256: str


@dataclass(frozen=True)
class History:
    """Since when something stands, or when it was withdrawn, and a sentence for the page."""

    first_said: date | None = None
    withdrawn_on: date | None = None
    sentence: str = ""


@dataclass(frozen=True)
class AtLooks:
    """What the looks at one main metric say.

    `level` is the part of the error that a finding of it may spend now, `boundary` that of its last look, or of the
    first one where there is none yet.
    """

    said: Sequence[SaidAt]
    boundary: float
    history: History
    level: float


def told_before(
    connection: duckdb.DuckDBPyConnection, subject: str, *, of_trials: bool = False
) -> dict[str, list[Told]]:
    """What the page told of each main metric of a person, the first first; or of each in their trials."""
    found: dict[str, list[Told]] = {}
    for metric, direction, certainty, *rest in connection.execute(
        "select metric, direction, certainty, look_date, shown_utc::date, data_sha256, settings_sha256 from raw.told"
        ' where subject = ? and ("window" in (select unnest(?))) = ? order by shown_utc',
        [subject, [str(window) for window in TRIAL], of_trials],
    ).fetchall():
        found.setdefault(metric, []).append(Told(Word(direction), Certainty(certainty), *rest))
    return found


def history(said: Sequence[SaidAt], told: Sequence[Told], digests: Mapping[date, Digests], today: date) -> History:
    """The history of what is said after all looks; `digests` are those of each look by its date."""
    if not said or said[-1].look is None:
        return History()
    found, parted = since(said), _parted(said, told, digests, today)
    if found.first:
        shown = _first_shown(_side(said[-1].word, said[-1].certainty), told)
        if shown:
            return History(shown, None, words.first_said(shown))
        is_new = found.first == said[-1].found
        already = "" if is_new else words.would_have_been_said(found.first.local_date, found.first.massages)
        return History(found.first.local_date, None, " ".join(part for part in (parted, already) if part))
    if parted:
        return History(None, _parted_on(told, today), parted)
    if found.taken_back:
        until = found.taken_back
        was_found = next(one for one in reversed(said) if one.found == until).said.was_found
        sentence = words.withdrawn if was_found else words.no_longer_ruled_out
        return History(None, until.local_date, sentence(until.local_date, until.massages))
    return History()


def of_trial(direction: Word, certainty: Certainty, told: Sequence[Told], today: date) -> History:
    """The history of what a trial says now: since when the page tells it, or that it told something else before."""
    if _side(direction, certainty):
        shown = _first_shown(_side(direction, certainty), told)
        return History(shown, None, words.first_said(shown)) if shown else History()
    place = _last_clear(told)
    if place is None:
        return History()
    day = _parted_on(told, today)
    return History(None, day, words.trial_parted(day, told[place].shown))


def _side(direction: Word, certainty: Certainty) -> str | None:
    """What a clear answer says: better, or not better; None of what is not clear."""
    if certainty is not Certainty.CLEAR:
        return None
    return "better" if direction in FOR_THE_BETTER else "not better"


def _first_shown(side: str | None, told: Sequence[Told]) -> date | None:
    """Since when the page told without a break what stands now; None where it did not yet."""
    shown = None
    for one in reversed(told):
        if _side(one.direction, one.certainty) != side:
            break
        shown = one.shown
    return shown


def _last_clear(told: Sequence[Told]) -> int | None:
    return max((place for place, one in enumerate(told) if _side(one.direction, one.certainty)), default=None)


def _parted_on(told: Sequence[Told], today: date) -> date:
    """When the page first no longer told the last clear answer."""
    place = _last_clear(told)
    return told[place + 1].shown if place is not None and place + 1 < len(told) else today


def _parted(said: Sequence[SaidAt], told: Sequence[Told], digests: Mapping[date, Digests], today: date) -> str:
    """That the last clear answer which the page told is not what the same looks say now; '' where they do."""
    place = _last_clear(told)
    if place is None:
        return ""
    answer = told[place]
    side = _side(answer.direction, answer.certainty)
    then = [one for one in said if one.found.local_date <= answer.look_date and one.look is not None]
    if side in {_side(one.word, one.certainty) for one in (*then[-1:], said[-1])}:
        return ""
    now, day = digests.get(answer.look_date), _parted_on(told, today)
    is_other_data = now is None or now.data_sha256 != answer.data_sha256
    is_other_setting = now is not None and now.settings_sha256 != answer.settings_sha256
    if is_other_data and is_other_setting:
        return words.parted_by_both(day, answer.shown)
    if is_other_data:
        return words.parted_by_data(day, answer.shown)
    return (words.parted_by_settings if is_other_setting else words.parted_by_program)(day, answer.shown)
