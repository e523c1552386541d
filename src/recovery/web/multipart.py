"""Files of a form as they come in: each goes to the disk piece by piece, so that the size of a file costs no memory."""

from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import BinaryIO, NamedTuple

from recovery.web.arriving import arriving, must_have_room, safe_name, settle
from recovery.web.guard import Refused
from recovery.words import web as words

MOST_FILES = 500  # of one form
FIELD_BYTES = 4_000  # of a field that is no file
HEADER_BYTES = 8_000  # of one part
ROOM_EVERY_BYTES = 50_000_000  # between two looks at the disk


class Arrived(NamedTuple):
    """A file that lies in the inbox now."""

    path: Path
    size: int


class Upload:
    """One form that comes in; `feed` takes its bytes, `arrived` are its files so far.

    `on_token` hears the token, which stands before all files; `on_bytes` each piece of a file. Both may refuse.
    """

    def __init__(
        self,
        content_type: str,
        folder: Callable[[], Path],
        on_token: Callable[[str], None],
        on_bytes: Callable[[int], None],
    ) -> None:
        from python_multipart.multipart import MultipartParser  # only where files come

        kind, options = _options(content_type.encode("latin-1", "replace"))
        boundary = options.get(b"boundary", b"")
        if kind != b"multipart/form-data" or not 0 < len(boundary) <= 200:
            raise Refused(400, words.NOT_BY_PAGE)
        self.folder, self.on_token, self.on_bytes = folder, on_token, on_bytes
        self.arrived: list[Arrived] = []
        self.has_token = False
        self.is_whole = False
        self._open = ExitStack()
        self._file: tuple[BinaryIO, Path, str] | None = None
        self._field: bytearray | None = None
        self._headers: dict[bytes, bytes] = {}
        self._name, self._value = bytearray(), bytearray()
        self._size = self._looked = 0
        self._parser = MultipartParser(
            boundary,
            {
                "on_part_begin": self._begin,
                "on_header_field": lambda data, start, end: self._add(self._name, data[start:end]),
                "on_header_value": lambda data, start, end: self._add(self._value, data[start:end]),
                "on_header_end": self._end_header,
                "on_headers_finished": self._open_part,
                "on_part_data": lambda data, start, end: self._take(data[start:end]),
                "on_part_end": self._end_part,
                "on_end": self._end,
            },
        )

    def feed(self, data: bytes) -> None:
        """Takes the next bytes of the form. Raises Refused, and HomeError where the disk is full."""
        try:
            self._parser.write(data)
        except ValueError:  # of the library, for what is no form
            raise Refused(400, words.NOT_BY_PAGE) from None

    def close(self) -> None:
        """Leaves nothing half arrived behind."""
        self._open.close()

    def _begin(self) -> None:
        self._headers, self._file, self._field, self._size, self._looked = {}, None, None, 0, 0
        self._name.clear()
        self._value.clear()

    def _add(self, to: bytearray, data: bytes) -> None:
        to += data
        if len(to) > HEADER_BYTES or len(self._headers) > 20:
            raise Refused(400, words.NOT_BY_PAGE)

    def _end_header(self) -> None:
        self._headers[bytes(self._name).lower()] = bytes(self._value)
        self._name.clear()
        self._value.clear()

    def _open_part(self) -> None:
        _, options = _options(self._headers.get(b"content-disposition", b""))
        if b"filename" not in options:
            self._field = bytearray()
            self._field_name = options.get(b"name", b"")
            return
        if not self.has_token:
            self.on_token("")
        name = options[b"filename"].decode("utf-8", "replace")
        if not name:  # a file field that was left empty
            self._field, self._field_name = bytearray(), b""
            return
        if len(self.arrived) >= MOST_FILES:
            raise Refused(413, words.TOO_MANY_FILES)
        stream, path = self._open.enter_context(arriving(self.folder()))
        self._file = (stream, path, safe_name(name))

    def _take(self, data: bytes) -> None:
        if self._field is not None:
            self._field += data
            if len(self._field) > FIELD_BYTES:
                raise Refused(413, words.TOO_LONG)
        elif self._file is not None:
            stream, path, _ = self._file
            self._size += len(data)
            self.on_bytes(len(data))
            if self._size - self._looked >= ROOM_EVERY_BYTES:
                self._looked = self._size
                must_have_room(path.parent, 0)
            stream.write(data)

    def _end_part(self) -> None:
        if self._file is not None:
            self.arrived.append(Arrived(settle(*self._file), self._size))
            self._open.close()
        elif self._field is not None and self._field_name == b"token" and not self.has_token:
            self.on_token(self._field.decode("utf-8", "replace"))
            self.has_token = True

    def _end(self) -> None:
        self.is_whole = True


def _options(header: bytes) -> tuple[bytes, dict[bytes, bytes]]:
    """The value of a header and what follows it, as `form-data; name="files"`."""
    from python_multipart.multipart import parse_options_header

    value, options = parse_options_header(header)
    return value, options
