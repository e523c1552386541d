"""The days of the diary."""

from recovery.checks._kinds import NotNull, Unique, Within
from recovery.vocabulary.circumstances import CIRCUMSTANCES

RELATION = "diary"
KEY = ("subject", "local_date")
CHECKS = (
    Unique("critical", "A person's day is told once.", ("subject", "local_date")),
    NotNull("critical", "Every row has a date.", "local_date"),
    Within("critical", "Pain is scored from 0 to 10.", "pain", 0, 10),
    Within("critical", "Pain in the morning is scored from 0 to 10.", "pain_morning", 0, 10),
    Within("critical", "Pain in the afternoon is scored from 0 to 10.", "pain_afternoon", 0, 10),
    Within("critical", "Bed rest is 0 to 25 hours of a day.", "bed_rest_hours", 0, 25),
    Within("critical", "Mood is scored from 1 to 5.", "mood", 1, 5),
    *(Within("critical", f"The column {column} says 0 or 1.", column, 0, 1) for column in CIRCUMSTANCES),
    Within("critical", "Doses are not negative.", "medication_doses", low=0),
    Within("critical", "Visits to the doctor are not negative.", "doctor_visits", low=0),
    Within("warning", "No day has more than 20 doses.", "medication_doses", high=20),
    Within("warning", "No day has more than 5 visits to the doctor.", "doctor_visits", high=5),
)
