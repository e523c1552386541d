"""The ledger in words."""

from recovery.words import ledger


def test_what_the_sources_reported_and_what_counts() -> None:
    assert (
        ledger.reported([("watch", 11_200), ("phone", 7_900)], 11_450, "steps")
        == "watch reported 11,200 steps, phone 7,900. Counted: 11,450."
    )


def test_what_was_lost_of_how_much() -> None:
    assert ledger.not_counted("phone", 2.5, "cut") == "phone: 2.5 cut off where records overlap"
    assert (
        ledger.lost("phone", "steps", 1_260, 10_000, "rejected")
        == "phone, steps: 1,260 of 10,000 that cannot be, or cannot be used"
    )
    assert (
        ledger.not_counted("phone", 7, "rejected", "of a size that cannot be")
        == "phone: 7 that cannot be, or cannot be used (of a size that cannot be)"
    )
