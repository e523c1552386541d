"""Published pain diaries: refused until a region is named, then the mean of each day's ratings and nothing else."""

import csv
import tomllib
from collections import defaultdict
from dataclasses import replace
from datetime import date
from functools import partial
from pathlib import Path

import pytest
from one_reader import BERLIN, rows, skipped

from recovery.actions import map as table_proposal
from recovery.formats.entries import Entry
from recovery.home.folder import Home
from recovery.home.settings import parse
from recovery.readers import diary_log, mapped_table, massage_log

FOLDER = Path("pain_diaries", "oliviermirat__MyAIGuide")


def entry(path: Path) -> Entry:
    return Entry(path.name, path.stat().st_size, partial(open, path, "rb"))


def read_as(path: Path, *kinds: str) -> list[object]:
    """What the next run reads once the proposal of `recovery map --row` is pasted."""
    lines = table_proposal.propose(entry(path), BERLIN, kinds).lines
    mapping = parse(Home(Path()), tomllib.loads("\n".join(lines))).mapping_of(path.name)
    return list(mapped_table.read([replace(entry(path), mapping=mapping)], BERLIN))


def test_every_pain_diary_is_refused_with_its_regions(real: Path) -> None:
    diaries = sorted((real / FOLDER).rglob("*[Pp]ain*.csv"))

    assert len(diaries) == 8
    for path in diaries:
        assert list(diary_log.claims([entry(path)]))
        assert not list(massage_log.claims([entry(path)]))
        found = list(diary_log.read([entry(path)], BERLIN))
        assert skipped(found) == ["file"]
        assert rows(found, "diary", "pain") == []
    assert not list(massage_log.claims([entry(real / FOLDER / "Participant1" / "sport.csv")]))


@pytest.mark.parametrize(
    ("name", "region"),
    [
        ("2Anonymized/Participant2Pain.csv", "Knee Pain"),
        ("7Anonymized/Participant7Pain.csv", "Hip Pain"),
        ("9Anonymized/Participant9Pain.csv", "Knee Pain"),
    ],
)
def test_the_named_pain_is_the_mean_of_its_ratings_and_happiness_is_mood(real: Path, name: str, region: str) -> None:
    path = real / FOLDER / f"Participant{name}"
    by_hand: dict[tuple[str, date], list[float]] = defaultdict(list)
    with open(path, encoding="utf-8", newline="") as stream:
        for row in csv.DictReader(stream):
            day = date(int(row["startyear"]), int(row["startmonth"]), int(row["startday"]))
            by_hand[row["name"], day].append(float(row["intensity"]))

    found = read_as(path, f"{region}=pain", "happiness=mood in 1-10")

    read = {(day, pain, mood) for day, pain, mood in rows(found, "diary", "local_date", "pain", "mood")}
    assert {(day, pain) for day, pain, _ in read if pain is not None} == {
        (day, round(sum(told) / len(told), 6)) for (kind, day), told in by_hand.items() if kind == region
    }
    assert {day for day, _, mood in read if mood is not None} == {day for kind, day in by_hand if kind == "happiness"}
    assert skipped(found) == []


def test_eight_years_of_dates_told_only_where_they_change(real: Path) -> None:
    found = read_as(real / FOLDER / "Participant1" / "pain.csv", "Knees=pain")

    days = [day for (day,) in rows(found, "diary", "local_date")]
    assert (min(days), max(days)) == (date(2015, 11, 25), date(2023, 11, 12))
    assert len(days) == len(set(days)) == 2908  # counted by csv and dates carried down by hand
    assert skipped(found) == []
