"""Where each message of each file lies: record headers walked in Python, runs of one message at a time."""

from array import array

from recovery.fit.definitions import Definition, parse_definition

LACKS_CRC = "lacks its checksum"


class Walk:
    """Where each message of each file lies in the joined bytes."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.places: dict[bytes, array[int]] = {}  # definition's bytes -> places of its messages
        self.definitions: dict[bytes, Definition] = {}
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
                return total, problem or f"is cut off {last + 2 - end} bytes before its end"
            if last + 2 > end:
                return total, LACKS_CRC
            self.crc_spans.append((here, last + 2))
            self.crc_files.append(index)
            here = last + 2
            if here == end:
                return total, ""
            if self.data[here + 8 : here + 12] != b".FIT" or here + 12 > end:
                return total, f"has {end - here} bytes after its end, which were not read"

    def _header(self, here: int, end: int) -> tuple[int, int, str] | str:
        data = self.data
        if end - here < 12 or data[here + 8 : here + 12] != b".FIT":
            return "is not a FIT file"
        first = here + max(data[here], 12)
        size = int.from_bytes(data[here + 4 : here + 8], "little")
        if size == 0 and end > first + 2:
            return first, end, "was never closed by the device (its header tells no length)"
        return first, first + size, ""

    def _messages(self, here: int, end: int) -> tuple[int, str]:
        """Walks the messages of [here, end): how many data messages, and what stopped it early."""
        data = self.data
        sizes = [0] * 16  # by local type, with the header byte; 0 = not defined
        places: list[array[int]] = [array("q")] * 16
        count = 0
        while here < end:
            head = data[here]
            if head & 0xC0 == 0x40:
                stop = here + 6
                if stop <= end:
                    stop += 3 * data[here + 5]
                    if head & 0x20 and stop < end:
                        stop += 1 + 3 * data[stop]
                if stop > end:
                    return count, "breaks off in the middle of a message"
                content = data[here + 1 : stop]
                local = head & 0x0F
                definition = self.definitions.get(content)
                if definition is None:
                    definition = parse_definition(content, is_developer=bool(head & 0x20))
                    self.definitions[content] = definition
                    self.places[content] = array("q")
                sizes[local] = definition.size + 1
                places[local] = self.places[content]
                here = stop
                continue
            local = head >> 5 & 0x03 if head & 0x80 else head & 0x0F
            size = sizes[local]
            if not size:
                return count, "is damaged: bytes follow that no definition explains"
            stop = here + size
            if stop > end:
                return count, "breaks off in the middle of a message"
            places[local].append(here)
            count += 1
            here = stop
            while here < end and data[here] == head:
                # The same message again: as many as follow without a break, 128 at a look.
                limit = min(128, (end - here) // size)
                heads = data[here : here + limit * size : size]
                same = limit - len(heads.lstrip(heads[:1]))
                if not same:
                    break
                places[local].extend(range(here, here + same * size, size))
                count += same
                here += same * size
                if same < 128:
                    break
        return count, ""
