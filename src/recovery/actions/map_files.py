"""Which files a proposed mapping is for: the one that was shown, and those that follow it."""

import re

MIN_LETTERS = 3  # a pattern with fewer around its star would mean other files too
DATE_DIGITS = 4  # a run of so many or more is a date, a time or the number of an export: as long next time
_NUMBER = re.compile(r"\d+(?:[-_. ]\d+)*")


def pattern_of(name: str) -> str:
    """The pattern of a file's name in which its dates and numbers may be others; the name itself where it has none."""
    stem, dot, end = name.rpartition(".")
    if not dot:
        stem, end = name, ""
    letters = sum(letter.isalpha() for letter in stem)

    def any_number(found: re.Match[str]) -> str:
        digits = sum(letter.isdigit() for letter in found[0])
        if digits >= DATE_DIGITS or letters < MIN_LETTERS:
            return re.sub(r"\d", "?", found[0])
        return "*"

    parts = re.split(f"({_NUMBER.pattern})", stem)
    named = "".join(any_number(number) if (number := _NUMBER.fullmatch(part)) else escaped(part) for part in parts)
    return f"{named}{dot}{escaped(end)}"


def escaped(text: str) -> str:
    """A text as a pattern that means itself."""
    return re.sub(r"([*?[])", r"[\1]", text)
