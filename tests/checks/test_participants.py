"""Nobody with a day is missing among those who take part."""


def test_who_has_a_day_and_is_not_listed_breaks_one_rule(broken) -> None:
    change = "update pub.participants set subject = 'other'"

    assert broken("participants", change) == {"Everybody with a day takes part."}
