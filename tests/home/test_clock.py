"""What a local clock showed, held against zoneinfo and against itself."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st

from recovery.home import clock
from recovery.home.folder import Home
from recovery.home.settings import Settings, Travel

# whole, half and quarter hours, both hemispheres, a zone that skipped a day, one that changes for Ramadan
ZONES = (
    "UTC", "Europe/Berlin", "America/New_York", "Asia/Kolkata", "Asia/Kathmandu", "Australia/Lord_Howe",
    "Pacific/Apia", "Pacific/Chatham", "Africa/Casablanca", "America/Sao_Paulo", "Pacific/Kiritimati",
)  # fmt: skip
zones = st.sampled_from(ZONES)
instants = st.datetimes(datetime(2000, 1, 3), datetime(2060, 1, 1)).map(lambda time: time.replace(microsecond=0))
dates = st.dates(date(2015, 1, 1), date(2030, 1, 1))


@st.composite
def journeys(draw: st.DrawFn) -> Travel:
    first = draw(dates)
    return Travel(
        first, first + timedelta(days=draw(st.integers(0, 60))), draw(zones), draw(st.sampled_from([None, "me"]))
    )


def settings(home: str, *travel: Travel) -> Settings:
    return Settings(Home(Path()), home_time_zone=home, travel=travel)


def offset_at(pieces: list[clock.ZoneOffset], instant: datetime) -> int:
    (found,) = [piece.offset_min for piece in pieces if piece.start_utc <= instant < piece.end_utc]
    return found


@given(zones, instants)
def test_an_instant_comes_back_from_the_wall_clock_it_showed(zone: str, instant: datetime) -> None:
    back = clock.to_utc(clock.to_local(instant, zone), zone)

    # of a doubled hour the first counts, so that only its second showing comes back earlier
    is_second_showing = instant.replace(tzinfo=UTC).astimezone(ZoneInfo(zone)).fold == 1
    assert back < instant if is_second_showing else back == instant


@given(zones, instants)
def test_a_wall_clock_comes_back_but_from_a_gap(zone: str, wall: datetime) -> None:
    back = clock.to_local(clock.to_utc(wall, zone), zone)

    assert back >= wall  # later by the length of the gap
    assert back - wall <= timedelta(hours=24)  # Apia skipped a day
    assert (back == wall) or clock.offset_min(zone, clock.to_utc(wall, zone)) > clock.offset_min(
        zone, clock.to_utc(wall, zone) - timedelta(days=1)
    )


@given(zones, instants)
def test_the_offset_is_local_less_utc(zone: str, instant: datetime) -> None:
    assert clock.to_local(instant, zone) - instant == timedelta(minutes=clock.offset_min(zone, instant))


def test_of_a_doubled_hour_the_first_counts() -> None:
    assert clock.to_utc(datetime(2026, 10, 25, 2, 30), "Europe/Berlin") == datetime(2026, 10, 25, 0, 30)


def test_in_a_gap_the_clock_counts_as_if_it_had_not_jumped() -> None:
    assert clock.to_utc(datetime(2026, 3, 29, 2, 30), "Europe/Berlin") == datetime(2026, 3, 29, 1, 30)


@pytest.mark.slow
@examples(max_examples=25, deadline=None)
@given(zones, st.lists(journeys(), max_size=4))
def test_zone_offsets_have_no_gap_and_no_overlap(home: str, travel: list[Travel]) -> None:
    pieces = clock.zone_offsets(settings(home, *travel), "me")

    assert pieces[0].start_utc == clock.FIRST_UTC
    assert pieces[-1].end_utc == clock.LAST_UTC
    assert all(piece.start_utc < piece.end_utc for piece in pieces)
    assert all(before.end_utc == after.start_utc for before, after in pairwise(pieces))


@examples(max_examples=25, deadline=None)
@given(zones, instants)
def test_without_travel_the_offset_is_that_of_home(home: str, instant: datetime) -> None:
    assert offset_at(clock.zone_offsets(settings(home), "me"), instant) == clock.offset_min(home, instant)


@pytest.mark.slow
@examples(max_examples=25, deadline=None)
@given(zones, journeys(), st.integers(0, 60), st.integers(0, 24 * 60 - 1))
def test_every_minute_of_a_day_of_travel_has_the_offset_of_its_zone(
    home: str, journey: Travel, day: int, minute: int
) -> None:
    local_date = min(journey.first + timedelta(days=day), journey.last)
    wall = datetime(local_date.year, local_date.month, local_date.day) + timedelta(minutes=minute)
    instant = clock.to_utc(wall, journey.zone)

    pieces = clock.zone_offsets(settings(home, journey), "me")

    if clock.to_local(instant, journey.zone) == wall:  # not in a gap
        assert offset_at(pieces, instant) == clock.offset_min(journey.zone, instant)


@pytest.mark.slow
@examples(max_examples=25, deadline=None)
@given(st.lists(journeys(), max_size=4), dates)
def test_the_order_of_journeys_in_the_file_does_not_matter(travel: list[Travel], day: date) -> None:
    one_order, other_order = settings("Europe/Berlin", *travel), settings("Europe/Berlin", *reversed(travel))
    begins = [(row.first, row.zone) for row in travel]

    if len({first for first, _ in begins}) == len(begins):
        assert clock.zone_at(one_order, "me", day) == clock.zone_at(other_order, "me", day)
        assert clock.zone_offsets(one_order, "me") == clock.zone_offsets(other_order, "me")


def test_of_two_overlapping_journeys_the_one_that_began_first_counts() -> None:
    travel = (
        Travel(date(2026, 5, 10), date(2026, 5, 20), "Asia/Tokyo"),
        Travel(date(2026, 5, 5), date(2026, 5, 15), "America/New_York"),
    )

    here = [clock.zone_at(settings("Europe/Berlin", *travel), "me", date(2026, 5, day)) for day in (4, 12, 16, 21)]

    assert here == ["Europe/Berlin", "America/New_York", "Asia/Tokyo", "Europe/Berlin"]
    pieces = clock.zone_offsets(settings("Europe/Berlin", *travel), "me")
    assert [offset_at(pieces, datetime(2026, 5, day, 12)) for day in (4, 12, 16, 21)] == [120, -240, 540, 120]


def test_a_journey_is_that_of_the_person_it_names() -> None:
    told = settings("Europe/Berlin", Travel(date(2026, 5, 1), date(2026, 5, 3), "Asia/Tokyo", "me"))

    assert clock.zone_at(told, "me", date(2026, 5, 3)) == "Asia/Tokyo"
    assert clock.zone_at(told, "other", date(2026, 5, 3)) == "Europe/Berlin"
    assert not any(piece.is_travel for piece in clock.zone_offsets(told, "other"))
    assert [piece.is_travel for piece in clock.zone_offsets(told, "me")].count(True) == 1


@pytest.mark.parametrize(
    ("offset_h", "is_place"),
    [(-12, True), (14, True), (-12.25, False), (14.25, False), (0, True), (29760 / 3600, True)],
)
def test_an_offset_of_no_place_on_earth_is_garbage(offset_h: float, is_place: bool) -> None:
    assert clock.is_place(round(offset_h * 3600)) is is_place
