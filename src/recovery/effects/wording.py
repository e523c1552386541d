"""How a change is told to the person whose data it is: the direction in words, at most three digits, the unit."""

UNITS = {
    "share": "percentage points",
    "count": "",
    "ratio": "",
    "yes/no": "percentage points of days",
    "score": "points",
    "index": "points",
}
SCALE = {"share": 100.0, "yes/no": 100.0}


def amount(size: float, unit: str = "") -> str:
    """A size without direction: '1,350 steps', '0.31', '2.1 percentage points'."""
    return f"{number(abs(size), unit)} {UNITS.get(unit, unit)}".rstrip()


def change(size: float, unit: str = "") -> str:
    """As '1,350 steps more' or '0.31 less'."""
    return f"{amount(size, unit)} {_direction(size)}"


def interval(low: float, high: float, unit: str = "") -> str:
    """As '776 to 1,920 more', '20 to 2.1 less' or '20.6 less to 0.9 more'; without the unit."""
    if low * high > 0:
        return f"{number(abs(low), unit)} to {number(abs(high), unit)} {_direction(low)}"
    return f"{number(abs(low), unit)} less to {number(abs(high), unit)} more"


def number(size: float, unit: str = "") -> str:
    """Three digits: 1,350 or 0.31; shares in percent."""
    scaled = float(f"{size * SCALE.get(unit, 1.0):.3g}")
    return f"{scaled:,.0f}" if abs(scaled) >= 100 else f"{scaled:.3g}"


def _direction(size: float) -> str:
    return "less" if size < 0 else "more"
