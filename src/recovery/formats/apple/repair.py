"""What the fast path does not understand, read by a real XML parser and written anew in the usual form.

No document type reaches the parser, so it knows no entity but XML's own five. Control characters, which XML forbids and
iOS 16 wrote, become spaces. Where the file is damaged, reading goes on at the next element of the top level.
"""

import re
from collections.abc import Generator, Iterator, Mapping
from itertools import chain
from xml.parsers import expat

OPENING = b"<HealthData>"
CONTROLS = bytes(number for number in range(32) if number not in b"\t\n\r")
TO_SPACES = bytes.maketrans(CONTROLS, b" " * len(CONTROLS))
NEXT = re.compile(rb"<(?:Record|Workout|ActivitySummary|Correlation)\s")
MAX_DAMAGE = 1000  # a file of noise is not searched through to its end
MAX_DEPTH = 100
MAX_CHILDREN = 1_000_000  # tags in one element of the top level
PIECE_BYTES = 1 << 18
ESCAPES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "\n": " ", "\t": " ", "\r": " "})


class Repair:
    """The elements below the root in the usual form, piece by piece; afterwards, how much of it was damaged."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self.pieces = pieces
        self.damage_count = 0
        self.is_whole = False

    def __iter__(self) -> Iterator[bytes]:
        rest = b""
        while self.damage_count <= MAX_DAMAGE:
            damaged = yield from self._until_damage(rest)
            if damaged is None:
                return
            self.damage_count += 1
            rest = self._from_next_element(damaged[1:])
            if not rest:
                return

    def _until_damage(self, rest: bytes) -> Generator[bytes, None, bytes | None]:
        """The usual form of all that can be read; returns what begins with damage, None at the end."""
        writer = _Writer()
        fed = 0
        for raw in chain([rest] if rest else [], self.pieces):
            for begin in range(0, len(raw), PIECE_BYTES):
                piece = raw[begin : begin + PIECE_BYTES]
                place = writer.feed(piece.translate(TO_SPACES))
                if done := writer.taken():  # nothing would mean the end
                    yield done
                if writer.is_whole:
                    self.is_whole = True
                    return None
                if place >= 0:
                    return raw[begin + max(place - fed, 0) :]
                fed += len(piece)
        return None

    def _from_next_element(self, rest: bytes) -> bytes:
        """From the next element of the top level on; nothing where there is none."""
        while True:
            if found := NEXT.search(rest):
                return rest[found.start() :]
            piece = next(self.pieces, b"")
            if not piece:
                return b""
            rest = rest[-32:] + piece


class _Writer:
    """Writes what a parser reports; what belongs to an element of the top level only once that is whole."""

    def __init__(self) -> None:
        self.whole: list[str] = []
        self.open: list[str] = []
        self.depth = 0
        self.is_whole = False
        self.parser = expat.ParserCreate("UTF-8")
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.Parse(OPENING, False)

    def feed(self, piece: bytes) -> int:
        """-1, or the place of what cannot be read, counted over all that was fed."""
        try:
            self.parser.Parse(piece, False)
        except expat.ExpatError:
            return max(self.parser.ErrorByteIndex - len(OPENING), 0)
        return self.parser.CurrentByteIndex - len(OPENING) if len(self.open) > MAX_CHILDREN else -1

    def taken(self) -> bytes:
        """The whole elements since the last call, as XML."""
        text = "".join(self.whole)
        self.whole = []
        return text.encode("utf-8", "replace")

    def _start(self, name: str, attributes: Mapping[str, str]) -> None:
        self.depth += 1
        if 1 < self.depth <= MAX_DEPTH:
            text = "".join(f' {key}="{value.translate(ESCAPES)}"' for key, value in attributes.items())
            self.open.append(f"<{name}{text}>")

    def _end(self, name: str) -> None:
        self.depth -= 1
        if 0 < self.depth < MAX_DEPTH:
            self.open.append(f"</{name}>")
        if self.depth == 1:
            self.whole += self.open
            self.open = []
        elif self.depth == 0:
            self.is_whole = True
