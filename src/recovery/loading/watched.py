"""An entry whose reading is watched: how many bytes of it were read, for a bar with the time that is left."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from types import TracebackType
from typing import Any, BinaryIO, cast

from recovery.formats.entries import Entry

Watch = Callable[[int], None]  # called with the bytes read since the last call
EVERY_BYTES = 4_000_000


def watched(entry: Entry, watch: Watch) -> Entry:
    """The same entry; `watch` is called for each four million bytes read of it, and for the rest at its end."""
    return replace(entry, opener=lambda: cast(BinaryIO, _Watched(entry.open(), watch)))


class _Watched:
    """A stream that counts; all but reading is the stream's own."""

    def __init__(self, stream: BinaryIO, watch: Watch) -> None:
        self.stream = stream
        self.watch = watch
        self.pending = 0

    def read(self, size: int = -1) -> bytes:
        return self._counted(self.stream.read(size))

    def read1(self, size: int = -1) -> bytes:
        return self._counted(self.stream.read1(size))  # type: ignore[attr-defined]

    def readline(self, size: int = -1) -> bytes:
        return self._counted(self.stream.readline(size))

    def readinto(self, buffer: Any) -> int:
        count: int = self.stream.readinto(buffer)  # type: ignore[attr-defined]
        self._count(count)
        return count

    def close(self) -> None:
        if self.pending:
            self.watch(self.pending)
            self.pending = 0
        self.stream.close()

    def __iter__(self) -> Iterator[bytes]:
        for line in self.stream:
            yield self._counted(line)

    def __enter__(self) -> "_Watched":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def __getattr__(self, name: str) -> Any:
        return getattr(self.stream, name)

    def _counted(self, piece: bytes) -> bytes:
        self._count(len(piece))
        return piece

    def _count(self, count: int) -> None:
        self.pending += count
        if self.pending >= EVERY_BYTES:
            self.watch(self.pending)
            self.pending = 0
