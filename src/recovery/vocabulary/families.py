"""The families of metrics, and the metric that stands for each."""

from collections.abc import Mapping
from enum import StrEnum


class Family(StrEnum):
    """A family, as the header of a metric's SQL file names it; in the order in which they are shown."""

    label: str
    place: str  # what gets better, as part of a sentence
    primary: str | None  # the one metric that may show an effect, declared before looking; recovery.toml may change it
    headline: str | None  # the metric that describes the family in one number
    follows_wear: bool  # whether its metrics grow with the time that a device is worn

    def __new__(
        cls,
        value: str,
        label: str = "",
        place: str = "",
        primary: str | None = None,
        headline: str | None = None,
        follows_wear: bool = False,
    ) -> "Family":
        family = str.__new__(cls, value)
        family._value_ = value
        family.label, family.place, family.primary, family.headline = label, place, primary, headline
        family.follows_wear = follows_wear
        return family

    MOVEMENT = ("movement", "Movement", "movement", "steps", "steps", True)
    REST = ("rest", "Rest", "rest", "rest_share", "still_min", True)
    SLEEP = ("sleep", "Sleep", "sleep", "asleep_min", "asleep_min")
    DIARY = ("diary", "Diary", "what your diary tells", "pain", "pain")
    PHYSIOLOGY = ("physiology", "Heart and breath", "heart and breath", None, "resting_heart_rate_bpm")
    GAIT = ("gait", "Gait", "gait", None, None)


MAIN_FAMILIES = tuple(family for family in Family if family.primary)
PRIMARIES: Mapping[str, str] = {str(family): family.primary for family in Family if family.primary}
HEADLINES: Mapping[str, str] = {str(family): family.headline for family in Family if family.headline}


def follows_wear(family: str) -> bool:
    """Whether the metrics of a family grow with the time that a device is worn."""
    return family in tuple(Family) and Family(family).follows_wear


def family_label(family: str) -> str:
    """What a family is called; one that is not known is called by its own name."""
    return Family(family).label if family in tuple(Family) else family
