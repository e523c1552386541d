"""What a metric may be besides its name; the metrics themselves are the files of `sql/daily/`."""

from typing import Literal, get_args

Direction = Literal["up", "down"]
Better = Literal["up", "down", "none"]  # which way a metric gets better; none where neither way is
BETTER: tuple[Better, ...] = get_args(Better)
CountedBy = Literal["day", "night"]  # a night belongs to the date on which it ends

# Metrics of rest that are counted by the minute, in the person's waking hours (sql/timeline/waking_hours.sql).
IN_WAKING_HOURS = ("still_min", "longest_still_min", "rest_share", "movement_rest_ratio")
