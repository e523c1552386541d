"""The items of lists in a JSON file, one by one: no more than a window of the file is in memory.

`items` gives those of one list behind a name; `Cursor` goes through objects and lists in the order of the file;
`documents` gives all of a small file. A script that appends each night's answer to a file makes several JSON texts of
it, one behind the other: all are given, and what stands behind them and is no JSON is never passed over.

Garmin's list of activities has 135 MB in one export; as objects all at once it takes ten times that.
"""

import codecs
import json
import re
from collections.abc import Iterator
from typing import Any, BinaryIO

from recovery.errors import UnreadableExportError
from recovery.words.say import say

CHUNK_BYTES = 1 << 20
MAX_ITEM_CHARACTERS = 8 << 20  # an activity with its splits has 200,000
MAX_DEPTH = 50  # of objects and lists that are gone through one by one
BETWEEN = re.compile(r"[\s,\ufeff]*")


CUT_SHORT = say("the file is cut short or damaged here; what stands before was read")
MORE = say("something else stands behind the end of this JSON; what stands before was read")


class CutShortError(UnreadableExportError):
    """The list breaks off, or goes on with something that is no JSON; what came before was whole."""


def documents(text: str) -> Iterator[Any]:
    """The JSON texts that stand one behind the other. Raises CutShortError where one breaks off, or none is there."""
    decoder, here = json.JSONDecoder(), _behind_blanks(text, 0)
    while True:
        try:
            document, here = decoder.raw_decode(text, here)
        except RecursionError:
            raise CutShortError(say("the file is damaged here: lists in lists without end")) from None
        except ValueError:
            raise CutShortError(CUT_SHORT) from None
        yield document
        here = _behind_blanks(text, here)
        if here == len(text):
            return


def _behind_blanks(text: str, here: int) -> int:
    between = BETWEEN.match(text, here)
    return between.end() if between else here


def items(stream: BinaryIO, after: str = "") -> Iterator[Any]:
    """The items of the lists behind the text `after`; of the lists that are the file itself where that is ''.

    Raises CutShortError where there is no such list, where it is damaged, and where the file itself goes on with
    something else behind its lists; all items before were given.
    """
    window = _Window(stream)
    if not (window.seek_after(after) and window.seek_after("[")):
        raise CutShortError(say("this is not the JSON list it should be"))
    decoder = json.JSONDecoder()
    while True:
        while not window.is_at("]"):
            yield window.item(decoder)
        window.here += 1
        goes_on = window.seek_after(after) if after else window.another("[")
        if not (goes_on and window.seek_after("[")):
            return


class Cursor:
    """A place in a JSON text that only goes on. Each value must be read by exactly one of the methods.

    They raise CutShortError where the text breaks off, or is not what was asked for.
    """

    def __init__(self, stream: BinaryIO) -> None:
        self._window = _Window(stream)
        self._decoder = json.JSONDecoder()
        self._depth = 0

    def kind(self) -> str:
        """The first character of the next value: '{' of an object, '[' of a list; '' at the end of the text."""
        self._window.is_at("")
        return self._window.text[self._window.here : self._window.here + 1]

    def documents(self) -> Iterator[None]:
        """Stops at each of the objects that are the file, one behind the other; at the first also where it is none."""
        yield
        while self._window.another("{"):
            yield

    def end(self) -> None:
        """Raises CutShortError where something stands behind the value that was read."""
        if self.kind():
            raise CutShortError(MORE)

    def members(self) -> Iterator[str]:
        """The names in an object, each while the place is at its value."""
        self._enter("{")
        while not self._window.is_at("}"):
            name = self._window.item(self._decoder)
            self._expect(":")
            yield str(name)
        self._leave()

    def elements(self) -> Iterator[None]:
        """Stops at each value of a list."""
        self._enter("[")
        while not self._window.is_at("]"):
            yield None
        self._leave()

    def value(self) -> Any:
        """The next value as an object of Python. One of more than some millions of characters is not read."""
        self._window.is_at("")  # goes behind blanks
        return self._window.item(self._decoder)

    def skip(self) -> None:
        """Goes behind the next value, however long it is."""
        if self.kind() == "{":
            for _ in self.members():
                self.skip()
        elif self.kind() == "[":
            for _ in self.elements():
                self.skip() if self.kind() == "[" else self.value()
        else:
            self.value()

    def _enter(self, mark: str) -> None:
        self._depth += 1
        if self._depth > MAX_DEPTH:
            raise CutShortError(say("the file is damaged here: lists in lists without end"))
        self._expect(mark)

    def _leave(self) -> None:
        self._depth -= 1
        self._window.here += 1

    def _expect(self, mark: str) -> None:
        if not self._window.is_at(mark):
            raise CutShortError(CUT_SHORT)
        self._window.here += 1


class _Window:
    """A long text of which only a part is in memory."""

    def __init__(self, stream: BinaryIO) -> None:
        self.stream = stream
        self.decoder = codecs.getincrementaldecoder("utf-8")(errors="replace")
        self.text = ""
        self.here = 0

    def more(self, size: int = CHUNK_BYTES) -> bool:
        """Reads on; False at the end."""
        chunk = self.stream.read(size)
        self.text = self.text[self.here :] + self.decoder.decode(chunk, final=not chunk)
        self.here = 0
        return bool(chunk)

    def seek_after(self, mark: str) -> bool:
        """Goes behind a text; False where it is nowhere."""
        while (found := self.text.find(mark, self.here)) < 0 or not self.text:
            self.here = max(self.here, len(self.text) - len(mark))
            if not self.more():
                return False
        self.here = found + len(mark)
        return True

    def is_at(self, mark: str) -> bool:
        """Whether the text goes on with a mark, behind blanks and commas."""
        while True:
            between = BETWEEN.match(self.text, self.here)
            self.here = between.end() if between else self.here
            if self.here < len(self.text) or not self.more():
                return self.text.startswith(mark, self.here)

    def another(self, mark: str) -> bool:
        """Whether another text follows, which begins with a mark. Raises CutShortError where something else does."""
        if self.is_at(mark):
            return True
        if self.here < len(self.text):
            raise CutShortError(MORE)
        return False

    def item(self, decoder: json.JSONDecoder) -> Any:
        """The next item of the list. Raises CutShortError where there is none that is whole."""
        while True:
            try:
                item, end = decoder.raw_decode(self.text, self.here)
            except RecursionError:
                raise CutShortError(say("the file is damaged here: lists in lists without end")) from None
            except ValueError:
                left = len(self.text) - self.here
                # as much again each time, so that a long item is not tried more than a few times
                if left > MAX_ITEM_CHARACTERS or not self.more(max(CHUNK_BYTES, left)):
                    raise CutShortError(CUT_SHORT) from None
                continue
            if end == len(self.text) and not isinstance(item, (dict, list, str)) and self.more():
                continue  # a number may go on in the next chunk
            self.here = end
            return item
