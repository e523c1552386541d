"""Where each message of each file lies: record headers walked in Python."""

from array import array

from recovery.formats.fit.definitions import Definition, parse_definition
from recovery.words.say import say

LACKS_CRC = say("lacks its checksum")
CUT = say("breaks off in the middle of a message")


class Walk:
    """Where each message of each file lies in the joined bytes."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.found: list[tuple[Definition, array[int]]] = []  # each definition with the places of its messages
        self.known: dict[bytes, tuple[int, array[int]]] = {}  # its bytes -> size of a message, places
        self.crc_spans: list[tuple[int, int]] = []
        self.crc_files: list[int] = []
        self.parts: list[int] = []  # where each FIT stream begins: a file may hold several

    def file(self, index: int, start: int, end: int) -> tuple[int, str]:
        """Walks one file: the number of its data messages, and what is wrong with it."""
        total = 0
        here = start
        while True:
            head = self._header(here, end)
            if isinstance(head, str):
                return total, head
            first, last, problem = head
            self.parts.append(here)
            count, damage = self._messages(first, min(last, end))
            total += count
            if damage:
                return total, damage
            if problem or last > end:
                return total, problem or say("is cut off {missing} bytes before its end", missing=last + 2 - end)
            if last + 2 > end:
                return total, LACKS_CRC
            self.crc_spans.append((here, last + 2))
            self.crc_files.append(index)
            here = last + 2
            if here == end:
                return total, ""
            if self.data[here + 8 : here + 12] != b".FIT" or here + 12 > end:
                return total, say("has {rest} bytes after its end, which were not read", rest=end - here)

    def _header(self, here: int, end: int) -> tuple[int, int, str] | str:
        data = self.data
        if end - here < 12 or data[here + 8 : here + 12] != b".FIT":
            return say("is not a FIT file")
        first = here + max(data[here], 12)
        if first > end:
            return say("breaks off in its header")
        size = int.from_bytes(data[here + 4 : here + 8], "little")
        if size == 0 and end > first + 2:
            return first, end, say("was never closed by the device (its header tells no length)")
        return first, first + size, ""

    def _messages(self, here: int, end: int) -> tuple[int, str]:
        """Walks the messages of [here, end): how many data messages, and what stopped it early.

        It turns once per message, so it does as little as can be: size and places are looked up by the whole header
        byte, and that the last message is cut off is seen after the loop.
        """
        data = self.data
        sizes = [0] * 256  # of a data message with this header byte, itself included; 0 = not known
        places: list[array[int]] = [array("q")] * 256
        aliases: set[int] = set()  # header bytes that mean the same as the plain one of their local type
        count = 0
        head = 0
        while here < end:
            head = data[here]
            size = sizes[head]
            if size:
                places[head].append(here)
                here += size
                count += 1
            elif head & 0xC0 == 0x40:
                stop = here + 6
                if stop <= end:
                    stop += 3 * data[here + 5]
                    if head & 0x20:
                        stop += 1 + (3 * data[stop] if stop < end else 0)
                if stop > end:
                    return count, CUT
                for alias in aliases:
                    sizes[alias] = 0
                content = data[here + 1 : stop]
                known = self.known.get(content) or self._learn(content, is_developer=bool(head & 0x20))
                sizes[head & 0x0F], places[head & 0x0F] = known
                here = stop
            else:
                # its time lies in the header (bit 7), or it repeats a flag of its definition
                local = head >> 5 & 0x03 if head & 0x80 else head & 0x0F
                if not sizes[local]:
                    return count, say("is damaged: bytes follow that no definition explains")
                sizes[head], places[head] = sizes[local], places[local]
                aliases.add(head)
        if here == end:
            return count, ""
        places[head].pop()
        return count - 1, CUT

    def _learn(self, content: bytes, *, is_developer: bool) -> tuple[int, "array[int]"]:
        definition = parse_definition(content, is_developer=is_developer)
        found: array[int] = array("q")
        self.found.append((definition, found))
        self.known[content] = definition.size + 1, found
        return self.known[content]
