"""Too little memory as one sentence, with the limit and what raises it."""

import atexit
import gc
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from recovery.errors import RecoveryError
from recovery.home.disk import megabytes
from recovery.words.say import say

MEMORY_MB = 300.0  # of the database alone; what does not fit goes to its temporary folder
LEAST_MEMORY_MB, MOST_MEMORY_MB = 50, 1_000_000
POOL_BROKE = "BrokenProcessPool"
SOME_OBJECTS = 100_000  # some 10 MB of cycles wait for the collector; Python's own threshold is below a thousand
DATABASE_IS_FULL = "OutOfMemoryException"  # DuckDB's, which is not imported for that


def collect_seldom() -> None:
    """Lets the garbage collector look less often, for the whole process, and not at all when that ends.

    To look again and again among the modules of Prefect and Great Expectations takes a third of the CPU of a server's
    start, and a tenth of that of a run; at the end it takes 0.7 s.
    """
    gc.set_threshold(SOME_OBJECTS, 20, 20)
    atexit.unregister(gc.freeze)  # a worker begins anew with each shard
    atexit.register(gc.freeze)


def take_small_pages() -> None:
    """Lets NumPy write into large arrays without taking 2 MB of memory for each first byte; before its import.

    The noise that looks share is an array of which a tenth is ever written: huge pages took 100 MB more of four years.
    """
    os.environ.setdefault("NUMPY_MADVISE_HUGEPAGE", "0")


def spare_pandas() -> None:
    """Lets pyarrow make arrays of lists without importing pandas, which takes 37 MB and 0.3 s of CPU.

    It would only ask whether a list is a column of pandas. Whoever asks pyarrow for pandas later still gets it.
    """
    if "pandas" in sys.modules:
        return
    import pyarrow as pa

    with hidden("pandas"):
        pa.array([None])  # the first array of a list looks for pandas, no other one does


@contextmanager
def hidden(module: str) -> Iterator[None]:
    """Inside, a module that is not there yet cannot be imported: what can do without goes on as if not installed."""
    finder = _Hidden(module)
    sys.meta_path.insert(0, finder)
    try:
        yield
    finally:
        sys.meta_path.remove(finder)


class _Hidden:
    """Says of a module that it is not there."""

    def __init__(self, module: str) -> None:
        self.module = module

    def find_spec(self, fullname: str, path: object = None, target: object = None) -> None:
        if fullname == self.module:
            raise ModuleNotFoundError(name=fullname)


def trim() -> None:
    """Gives what the C library and Arrow keep of freed memory back to the system, where they can.

    Of years that is a hundred megabytes.
    """
    import ctypes

    if "pyarrow" in sys.modules:
        sys.modules["pyarrow"].default_memory_pool().release_unused()
    with suppress(AttributeError, OSError):  # not the C library of GNU
        ctypes.CDLL(None).malloc_trim(0)


class MemoryLimitError(RecoveryError):
    """The memory was not enough; what was published before still stands."""


@contextmanager
def memory_is_plain(limit_mb: float) -> Iterator[None]:
    """Turns every error of too little memory into a MemoryLimitError; `limit_mb` is what the database may use."""
    try:
        yield
    except RecoveryError:
        raise
    except Exception as error:
        kind = _kind(error)
        if kind == DATABASE_IS_FULL:
            raise MemoryLimitError(
                say("The database needs more memory than the {limit_mb:g} MB it may use.", limit_mb=limit_mb),
                say(
                    "Raise memory_mb below [limits] in recovery.toml (this computer has {all}), and run again; what was"
                    " published before still stands.",
                    all=megabytes(_computer_bytes()),
                ),
            ) from error
        if kind == "MemoryError":
            raise MemoryLimitError(
                say(
                    "The system gave no more memory: {limit} may be used, the database's {limit_mb:g} MB among them.",
                    limit=megabytes(_process_bytes()),
                    limit_mb=limit_mb,
                ),
                say(
                    "Close other programs, raise the limit (ulimit -v), or lower memory_mb below [limits] in"
                    " recovery.toml, and run again; what was published before still stands."
                ),
            ) from error
        if kind == POOL_BROKE:
            raise MemoryLimitError(
                say(
                    "The system ended a process that estimated effects, as it does where memory is short; this computer"
                    " has {all}.",
                    all=megabytes(_computer_bytes()),
                ),
                say("Close other programs and run again; what was published before still stands."),
            ) from error
        raise


def _kind(error: BaseException | None) -> str:
    """Which kind of too little memory an error tells of, or one that it came from; '' where none does."""
    while error is not None:
        if isinstance(error, MemoryError):
            return "MemoryError"
        if type(error).__name__ in (DATABASE_IS_FULL, POOL_BROKE):
            return type(error).__name__
        error = error.__cause__ or error.__context__
    return ""


def _computer_bytes() -> int:
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")


def _process_bytes() -> int:
    """What this process may use: its own limit where it has one, else all of the computer."""
    import resource

    own, _ = resource.getrlimit(resource.RLIMIT_AS)
    return _computer_bytes() if own == resource.RLIM_INFINITY else min(own, _computer_bytes())
