"""All metrics on one scale: multiples of the change worth having, better to the right."""

from typing import Any

from answers_by_hand import PAIN, REFUSED, answers, effect

from recovery.answers import rows
from recovery.report.evidence.forest import MAX_REACH, Forest, forest

OTHER: dict[str, Any] = {"is_primary": False, "holm_p": None, "q_value": 0.031}


def drawn(*told: rows.Effect) -> Forest:
    return forest(answers(*told))


def test_metrics_stand_by_family_and_the_main_number_first_and_bold() -> None:
    found = drawn(effect("pain", **PAIN), effect("floors", unit="floors", **OTHER), effect())

    assert [(group.name, [row.title for row in group.rows]) for group in found.groups] == [
        ("Movement", ["Steps", "floors"]),
        ("Diary", ["Pain"]),
    ]
    assert [row.is_primary for row in found.groups[0].rows] == [True, False]
    assert [row.note for row in found.groups[0].rows] == ["main", "q 0.031"]


def test_one_change_worth_having_lies_at_the_same_place_in_every_row() -> None:
    found = drawn(effect(), effect("pain", **PAIN))

    places = {row.bar.worth for group in found.groups for row in group.rows}
    assert places == {tick.place for tick in found.ticks if tick.label == "+1"}


def test_fewer_points_of_pain_lie_on_the_right() -> None:
    row = drawn(effect("pain", **PAIN)).groups[0].rows[0]

    assert row.bar.low > 50
    assert row.change == "1.2 points lower"
    assert row.interval == "0.2 to 2.2"


def test_a_very_wide_interval_does_not_squeeze_the_others() -> None:
    wide = effect("floors", unit="floors", ci_low=-90_000.0, ci_high=90_000.0, **OTHER)

    found = drawn(effect(), wide)

    assert found.has_cut
    assert found.groups[0].rows[1].bar.is_cut_low
    assert found.groups[0].rows[1].bar.is_cut_high
    assert found.ticks[-1].label == "+3"
    assert int(drawn(wide).ticks[-1].label) <= MAX_REACH


def test_an_assumed_size_is_marked() -> None:
    assert drawn(effect(worth_from="variation")).has_assumed
    assert not drawn(effect()).has_assumed


def test_what_has_no_better_way_stands_in_the_table_alone() -> None:
    found = drawn(effect("still_min", family="rest", unit="min", better="none", verdict=None, **OTHER))

    assert found.groups == []
    assert [(line.title, line.worth, line.verdict) for line in found.lines] == [("still_min", "", "no verdict")]


def test_the_table_has_own_units_and_the_dose_and_counts_what_was_refused() -> None:
    found = drawn(
        effect(), effect("steps", "dose_7", **OTHER), effect("floors", **{**REFUSED, **OTHER}), effect("steps", "day_1")
    )

    assert [(line.window, line.change, line.interval) for line in found.lines] == [
        ("days +1 to +3", "800 steps more", "400 to 1,200"),
        ("per hour a week", "800 steps more", "400 to 1,200"),
    ]
    assert [line.among_many for line in found.lines] == ["0.0046 (Holm)", "0.031 (q)"]
    assert found.refused == 1


def test_nothing_is_drawn_of_nothing() -> None:
    found = drawn()

    assert (found.groups, found.lines, found.refused) == ([], [], 0)


def test_the_drawing_has_the_range_of_all_looks_and_the_table_beside_p_the_interval_of_one() -> None:
    told = effect("pain", **PAIN, shown_estimate=-1.2, shown_low=-2.6, shown_high=0.2)

    found = drawn(told)

    assert found.groups[0].rows[0].interval == "2.5 lower to no change"
    assert found.lines[0].interval == "0.2 to 2.2"
