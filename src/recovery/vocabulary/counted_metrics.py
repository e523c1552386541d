"""Metrics that are counted, and the most that one record of them can hold; more stays out when it is loaded."""

COUNTED = ("steps", "distance_m", "active_s", "active_energy_kcal", "floors", "moderate_s", "vigorous_s")
MOST_COUNTED = 1e9  # in any unit more than a life holds: a sentinel, or a number that was cut wrongly
