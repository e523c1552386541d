"""Sentences for users: whole, with named places for values, so that a translation can replace each as a whole."""

from collections.abc import Mapping

CATALOGUE: Mapping[str, str] = {}  # English sentence -> that of another language, with the same places


def say(sentence: str, /, **values: object) -> str:
    """The sentence with its values put in, as `say("{count:,} files", count=3)`.

    The sentence is always written out at the call, never put together: tests/words/test_say.py holds that, and that
    its places are the names of the values. A language is chosen once a process, before the other modules are imported:
    some of them say their constant sentences while they are imported.
    """
    return CATALOGUE.get(sentence, sentence).format(**values)
