"""What a person can do so that an answer that was refused, or left open, can be told."""

LOG_MASSAGES = "Log your massages with `recovery log massage`, or put a list of them into the inbox."
TRIAL = (
    "Let a coin choose the weeks: `recovery plan-trial --start DATE --pairs 8 --weekday tue --at 18:00` draws them and"
    " tells how much they can show."
)
LONGER_TRIAL = "Plan another trial with more pairs of weeks: `recovery plan-trial` tells how many can show how much."
MORNING_PAIN = "Write the pain of each morning, before any massage, into the diary (column `pain_morning`)."
PAIN_BEFORE = (
    "Write the pain right before each massage into the log (`pain_before`), and that of every afternoon before any"
    " massage (`pain_afternoon`), or of every morning (`pain_morning`), into the diary."
)
MORE_MASSAGES = "Go on, and log every massage: the more there are, the narrower the interval gets."
SKIP_WEEKS = "Skip the massage in some weeks, or change its weekday, so that it can be told from the day of the week."
RECORD_LYING = (
    "Tell bed rest in the diary (column `bed_rest_hours`), or record it with a bed sensor or a posture sensor: a wrist"
    " does not see lying."
)
DESCRIBE_MASSAGES = "Fill in technique, pressure, areas, muscles and cause of each massage in the log, and vary them."
WEAR = "Wear the device as much after massages as on other days."
LEAVE_DAYS_BETWEEN = "Leave more than three days between some massages, so that there are days to compare with."
KEEP_TO_ONE_DEVICE = "Keep to one device: each new one begins at a level of its own, which takes weeks to tell."
REPORT_IT = "Please report it; the log in .recovery/logs says where it failed."
NAME_EXCLUSIONS = (
    "If an illness, a holiday or another treatment explains the jump, name its days in `[exclusions]` of recovery.toml."
)
FOUR_WEEK_BLOCKS = (
    "Draw blocks of four weeks with and without massages by lot, which show a benefit that builds up: `recovery"
    " plan-trial` with `--weeks-per-block 4`."
)
VARY_MINUTES = "Have longer massages in some weeks and shorter ones in others, and log their minutes."

STEPS = "Put exports of a watch, a band or a phone that counts steps into the inbox."
HEART_RATE = "Put exports of a watch or a band with a heart rate into the inbox; a wrist alone does not see lying."
SLEEP = (
    "Put the nights into the inbox: wear the device at night, and take the export that holds them. A Garmin watch's own"
    " files hold none; the export of the Garmin account does."
)
DIARY = "Keep the diary: a line a day with `recovery log day`, pain of the morning included."
PULSE = "Wear a device that records heart rate, and put its exports into the inbox."
GAIT = "Put exports of a phone or watch that measures walking into the inbox."


def more_days(needed: int) -> str:
    return f"Measure more days: at least {needed} that count are needed."


def more_massages(needed: int) -> str:
    return f"Log more massages: at least {needed} with measured days or nights after them are needed."


def more_history(needed: int) -> str:
    return f"Measure on: from {needed} days how you felt before can be allowed for."


def more_variety(needed: int) -> str:
    return f"Record on: a number can only answer once it differed from its usual on {needed} days."


def more_events(needed: int) -> str:
    return f"Record on: at least {needed} are needed to compare."


def more_pairs(needed: int) -> str:
    return f"Plan a trial of at least {needed} pairs of weeks, and measure all of them."
