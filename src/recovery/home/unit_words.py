"""What units are called in tables: abroad, in full, and by other signs."""

from collections.abc import Mapping

UNIT_WORDS: Mapping[str, str] = {
    "minutes": "min", "minute": "min", "mins": "min", "minuten": "min", "minutos": "min", "minuti": "min",
    "minuut": "min", "hours": "h", "hour": "h", "hrs": "h", "hr": "h", "stunden": "h", "std": "h", "heures": "h",
    "heure": "h", "horas": "h", "ore": "h", "uur": "h", "uren": "h", "seconds": "s", "second": "s", "sec": "s",
    "secs": "s", "sekunden": "s", "secondes": "s", "segundos": "s", "msec": "ms", "millis": "ms", "milliseconds": "ms",
    "percent": "%", "pct": "%", "prozent": "%", "percentage": "%", "kilometers": "km", "kilometres": "km",
    "kilometer": "km", "kms": "km", "meters": "m", "metres": "m", "meter": "m", "metros": "m", "miles": "mi",
    "mile": "mi", "meilen": "mi", "feet": "ft", "foot": "ft", "yards": "yd", "yard": "yd", "centimeters": "cm",
    "kilojoules": "kj", "kilojoule": "kj", "kilocalories": "kcal", "kilokalorien": "kcal", "kcals": "kcal",
    "kph": "km/h", "kmh": "km/h", "mi/h": "mph", "m/sec": "m/s",
}  # fmt: skip


def unit_named(known: Mapping[str, float], text: str) -> str:
    """The one of the known units that a text names, '' where it names none: `Km.` and `kilometres` are km."""
    name = text.strip().strip(".").strip()
    if name == "Cal":  # what people call calories
        return "kcal" if "kcal" in known else ""
    name = UNIT_WORDS.get(name.lower(), name.lower())
    return next((unit for unit in known if unit.lower() == name), "")
