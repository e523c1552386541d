"""The windows: on which days or nights, counted from a massage, a change is looked for."""

from enum import StrEnum

DAYS_AFTER = (1, 2, 3)
WEEK_AFTER = tuple(range(1, 8))
NEAR_DAYS = range(4)  # days 0 to +3 of a massage; days to compare with lie outside
SINGLE_DAYS = range(8)  # days 0 to +7, each looked at alone to see how long a change lasts
AROUND_DAYS = range(-7, 8)  # days around a massage, as `around_massage` has them


class Window(StrEnum):
    """A window, as the column `window` of the published tables names it.

    `lags` are days after the date of a massage. In the windows of massages, a nightly metric counts from the date on
    which the night after the massage ends, so that night has lag 0. A trial has dates of its own, drawn before: there
    a night has lag 1, since it belongs to the date on which it ends.
    """

    lags: tuple[int, ...]
    phrase: str  # when it is, as part of a sentence
    short: str  # the same for a column of a table
    is_trial: bool

    def __new__(
        cls, value: str, lags: tuple[int, ...] = (), phrase: str = "", short: str = "", is_trial: bool = False
    ) -> "Window":
        window = str.__new__(cls, value)
        window._value_ = value
        window.lags, window.phrase, window.short, window.is_trial = lags, phrase, short, is_trial
        return window

    DAYS = ("days_1_3", DAYS_AFTER, "on the three days after a massage", "days +1 to +3")
    NIGHT = ("night_0", (0,), "in the night after a massage", "night after")
    WEEK = ("week_1_7", WEEK_AFTER, "in the week after a massage", "week after")
    DOSE = ("dose_7", WEEK_AFTER, "for each hour of massage in the week before", "per hour a week")
    DAY_0 = ("day_0", (0,), "on the day of a massage", "day 0")
    DAY_1 = ("day_1", (1,), "on the day after a massage", "day +1")
    DAY_2 = ("day_2", (2,), "on the second day after a massage", "day +2")
    DAY_3 = ("day_3", (3,), "on the third day after a massage", "day +3")
    DAY_4 = ("day_4", (4,), "on the fourth day after a massage", "day +4")
    DAY_5 = ("day_5", (5,), "on the fifth day after a massage", "day +5")
    DAY_6 = ("day_6", (6,), "on the sixth day after a massage", "day +6")
    DAY_7 = ("day_7", (7,), "on the seventh day after a massage", "day +7")
    TRIAL_DAYS = (
        "trial_days_1_3", DAYS_AFTER, "on the three days after a massage of the randomised trial",
        "days +1 to +3, trial", True,
    )  # fmt: skip
    TRIAL_NIGHT = (
        "trial_night_0", (1,), "in the night after a massage of the randomised trial", "night after, trial", True
    )  # fmt: skip

    @classmethod
    def of_day(cls, day: int) -> "Window":
        """The window of one day of SINGLE_DAYS."""
        return cls(f"day_{day}")


MAIN = (Window.DAYS, Window.NIGHT)  # each metric is judged by one of them
TRIAL = tuple(window for window in Window if window.is_trial)


def main_window(*, is_nightly: bool) -> Window:
    """The window by which a metric is judged."""
    return Window.NIGHT if is_nightly else Window.DAYS


def trial_window(*, is_nightly: bool) -> Window:
    """The window by which a trial judges a metric."""
    return Window.TRIAL_NIGHT if is_nightly else Window.TRIAL_DAYS
