"""Which device or app a HealthKit record is of, as a short name that names nobody.

`sourceName` is the name a person gave their phone or watch, or the app's; `device` gives the model, and the address in
memory the device had during the export, so that one phone looks like many (73 in one export).
"""

import html
import re
from functools import lru_cache
from typing import NamedTuple

ADDRESS = re.compile(r"(?:&lt;|<){1,2}(?:HKDevice: 0x[0-9a-f]+)?(?:&gt;|>)")
PARTS = re.compile(r", (?=[a-z ]+:)")
KINDS = ("iphone", "ipad", "ipod", "watch", "vision", "airpods")
KIND_OF_NAME = re.compile(r"\b(iphone|ipad|ipod)\b|\bapple\W?watch\b|^watch$", re.IGNORECASE)
POSSESSIVE = re.compile(r"^.*?(?:['’´`]s?|s['’´`])\s+|\s+(?:von|de|di|da|do|van|of|för|fra|od)\s+.*$", re.IGNORECASE)
APPLE = "apple"


class Origin(NamedTuple):
    """The source of a record, and the device as the record names it; '' = missing."""

    source: str
    manufacturer: str = ""
    product: str = ""
    firmware: str = ""


def origin(name: str, version: str, device: str) -> Origin:
    """Whose a record is; the arguments as they stand in the file, entities and all.

    Apple's own devices are 'apple:watch6-2', by their hardware; whoever else wrote it is 'apple:' and the app's name.
    """
    address = ADDRESS.match(device)
    return _origin(name, version, device[address.end() :] if address else "")


@lru_cache(1 << 14)
def _origin(name: str, version: str, device: str) -> Origin:
    name, version = html.unescape(name), html.unescape(version)
    parts = dict(part.partition(":")[::2] for part in PARTS.split(html.unescape(device).rstrip(">")))
    hardware, software = parts.get("hardware", ""), parts.get("software", "")
    kind = next((kind for kind in KINDS if hardware.lower().startswith(kind)), "")
    named = KIND_OF_NAME.search(name)
    is_own = parts.get("manufacturer", "").startswith("Apple") and bool(kind)
    if is_own and (version == software or named or not version):
        # an app writes its own version beside the device it ran on
        return Origin(f"{APPLE}:{_slug(hardware)}", "Apple", hardware, software)
    if named:
        return Origin(f"{APPLE}:{(named[1] or 'watch').lower()}")
    app = _slug(POSSESSIVE.sub("", name))
    return Origin(f"{APPLE}:{app}" if app else APPLE)


def _slug(name: str) -> str:
    return re.sub(r"[\W_]+", "-", name.lower()).strip("-")[:40].strip("-")
