"""A worker process for what the content of a file may break: it has a budget of CPU time and memory for each request.

The worker is a fork of this process, so it sees what `holdings` were when it began; requests and answers go through a
pipe and are small. It is started by the first request, serves all that follow, and is killed over a request that costs
more than its budget; the next request starts another. It ends with this process, however that ends. Where the system
is not Linux, requests are performed in this process, without a budget (docs/decisions/0018-a-fence-around-files.md).
"""

import fcntl
import gc
import logging
import multiprocessing
import os
import pickle
import resource
import signal
import sys
import traceback
import warnings
from collections.abc import Callable
from contextlib import suppress
from logging.handlers import QueueHandler
from multiprocessing.connection import Connection
from multiprocessing.context import ForkProcess
from pathlib import Path
from typing import Any, Literal, NamedTuple, TypeVar, cast

from recovery.home import stop
from recovery.home.disk import megabytes
from recovery.home.memory import trim
from recovery.words.say import say

IS_FORKED = sys.platform == "linux"
LOOK_EVERY_S = 0.05
SILENT_S = 120.0  # a disk on the network may stall; a worker that does nothing for longer hangs
# What one request may cost. Measured in November 2026: a workbook takes 11 s a MB, a calendar 8, a list of massages 4;
# what has more than 10 MB (FIT, XML, databases) less than 0.5.
CPU_S = 20.0
CPU_S_PER_MB = 60.0
LARGE_MB = 10.0
CPU_S_PER_LARGE_MB = 5.0  # of what goes beyond
CPU_S_PER_FILE = 0.02
MEMORY_BYTES = 400 << 20
MEMORY_PER_BYTE = 12
MEMORY_PER_FILE = 30_000  # its first bytes and its entry
ADDRESSES_BYTES = 2 << 30  # reserved by allocators and threads beyond what they use
KEPT_BYTES = 300 << 20  # a worker that holds more between two requests is replaced
ENDED_WITHIN_S = 5.0

Why = Literal["time", "memory", "silence", "death"]


class Budget(NamedTuple):
    """What one request may cost."""

    cpu_s: float
    memory_bytes: int


class StoppedError(Exception):
    """The worker did not survive a request; `sentence` says why, for the receipt of the file."""

    def __init__(self, why: Why, sentence: str) -> None:
        super().__init__(sentence)
        self.why = why
        self.sentence = sentence


class _Usage(NamedTuple):
    cpu_s: float
    addresses_bytes: int
    memory_bytes: int


Tell = Callable[[Any], None]
Result = TypeVar("Result")


def budget_of(count: int, size: int) -> Budget:
    """What reading so many files of so many bytes together may cost."""
    megabytes_read = size / 1e6
    small, large = min(megabytes_read, LARGE_MB), max(megabytes_read - LARGE_MB, 0.0)
    cpu_s = CPU_S + CPU_S_PER_FILE * count + CPU_S_PER_MB * small + CPU_S_PER_LARGE_MB * large
    memory = MEMORY_BYTES + MEMORY_PER_FILE * count + MEMORY_PER_BYTE * size
    return Budget(cpu_s, min(memory, int(0.8 * os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES"))))


class Worker:
    """Performs functions as `function(holdings, *arguments, tell)`, in a process of its own where the system can.

    A function and its arguments and result are pickled; `holdings` are not. `on_fork` is called in this process
    after each start: open files must not be read on both sides.
    """

    def __init__(self, holdings: Any, on_fork: Callable[[], None] = lambda: None) -> None:
        self.holdings = holdings
        self.on_fork = on_fork
        self.process: ForkProcess | None = None
        self.owner = os.getpid()
        self.kept_bytes = 0  # memory of the worker when it began
        self._pipe: Connection | None = None
        self._lifeline: Connection | None = None

    def call(
        self, function: Callable[..., Result], *arguments: Any, budget: Budget, hear: Tell = lambda _: None
    ) -> Result:
        """The result of a function; `hear` is called with what it tells meanwhile.

        Raises StoppedError where it cost more than its budget or the worker died, else what the function raised.
        """
        if not IS_FORKED:
            return function(self.holdings, *arguments, hear)
        try:
            try:
                pipe, process = self._started()
                pipe.send((function, arguments, budget))
            except BrokenPipeError:  # it was ended since the last request
                self.close()
                pipe, process = self._started()
                pipe.send((function, arguments, budget))
            kind, value = self._answer(pipe, process, budget, hear)
        except (EOFError, BrokenPipeError, ConnectionResetError):
            raise StoppedError("death", self._cause_of_death()) from None
        except BaseException:
            self.close()  # stopped over its budget, or by the person
            raise
        if self._usage().memory_bytes > self.kept_bytes + KEPT_BYTES:
            self.close()
        if kind == "result":
            return cast(Result, value)
        if isinstance(value, MemoryError):
            raise StoppedError("memory", _too_much_memory(budget)) from value
        raise cast(Exception, value)

    def close(self) -> None:
        """Ends the worker, whatever it does."""
        if os.getpid() != self.owner:
            return  # a copy of this object, in another worker
        process, self.process = self.process, None
        for end in (self._pipe, self._lifeline):
            if end is not None:
                end.close()
        self._pipe = self._lifeline = None
        if process is not None:
            process.kill()
            process.join(ENDED_WITHIN_S)
            with suppress(ValueError):  # it waits for a disk that does not answer, and ends with it
                process.close()

    def __del__(self) -> None:
        self.close()

    def _started(self) -> tuple[Connection, ForkProcess]:
        if self._pipe is not None and self.process is not None and self.process.is_alive():
            return self._pipe, self.process
        self.close()
        context = multiprocessing.get_context("fork")
        ours, theirs = context.Pipe()
        held, lifeline = context.Pipe(duplex=False)
        process = context.Process(
            target=_serve, args=(self.holdings, theirs, held, (ours, lifeline)), name="recovery reader", daemon=True
        )
        with warnings.catch_warnings():
            # Python 3.12 warns where other threads run (DuckDB's); the worker uses nothing that they may have locked.
            warnings.simplefilter("ignore", DeprecationWarning)
            with stop.all_signals_blocked():  # until the worker has put off our handlers
                process.start()
        theirs.close()
        held.close()
        self.process, self._pipe, self._lifeline = process, ours, lifeline
        self.kept_bytes = self._usage().memory_bytes
        self.on_fork()
        return ours, process

    def _answer(self, pipe: Connection, process: ForkProcess, budget: Budget, hear: Tell) -> tuple[str, Any]:
        """The result or the error of the request that was sent."""
        start = before = self._usage()
        silent_s = 0.0
        while True:
            while not pipe.poll(LOOK_EVERY_S):
                now = self._usage()
                silent_s = silent_s + LOOK_EVERY_S if now.cpu_s == before.cpu_s else 0.0
                before = now
                if now.cpu_s - start.cpu_s > budget.cpu_s:
                    raise StoppedError("time", _too_long(budget))
                if now.memory_bytes - start.memory_bytes > budget.memory_bytes:
                    raise StoppedError("memory", _too_much_memory(budget))
                if silent_s > SILENT_S:
                    raise StoppedError("silence", _silent())
            kind, value = pipe.recv()
            if kind == "log":
                logging.getLogger(value.name).handle(value)
            elif kind == "told":
                hear(value)
            else:
                return kind, value

    def _usage(self) -> _Usage:
        """What the worker has used until now; nothing where it is gone, which its pipe then says."""
        pid = self.process.pid if self.process else "none"
        try:
            fields = Path(f"/proc/{pid}/stat").read_bytes().rpartition(b")")[2].split()
        except OSError:
            return _Usage(0.0, 0, 0)
        ticks = int(fields[11]) + int(fields[12])
        return _Usage(ticks / os.sysconf("SC_CLK_TCK"), int(fields[20]), int(fields[21]) * os.sysconf("SC_PAGE_SIZE"))

    def _cause_of_death(self) -> str:
        """Why the worker ended by itself, as a sentence; it is then closed."""
        code = None
        if self.process is not None:
            self.process.join(ENDED_WITHIN_S)
            code = self.process.exitcode
        self.close()
        if code == -signal.SIGKILL:
            return say(
                "was left out: the system ended the program that read it, as it does where memory is short. Close other"
                " programs, or split the file."
            )
        return say(
            "was left out: the program that read it broke down over it (status {code}). That is our fault, not yours;"
            " please report it.",
            code=code,
        )


def _too_long(budget: Budget) -> str:
    return say(
        "was left out: reading it took more than {seconds:,.0f} s of computing, far more than a file of its size"
        " needs. If it is a real export, please report it.",
        seconds=budget.cpu_s,
    )


def _too_much_memory(budget: Budget) -> str:
    return say(
        "was left out: reading it took more than {memory} of memory, far more than a file of its size needs. If it is a"
        " real export, please report it.",
        memory=megabytes(budget.memory_bytes),
    )


def _silent() -> str:
    return say("could not be read to its end: nothing came for {seconds:.0f} s", seconds=SILENT_S)


def _serve(holdings: Any, pipe: Connection, lifeline: Connection, others: tuple[Connection, ...]) -> None:
    """What the worker does: performs what it is asked to, until the other end of the pipe is closed."""
    for end in others:
        end.close()
    _end_with_parent(lifeline)
    _be_a_worker()
    root = logging.getLogger()
    root.handlers[:] = [_ToParent(pipe)]
    while True:
        try:
            function, arguments, budget = pipe.recv()
        except (EOFError, OSError):
            return
        _limit_addresses(budget)
        try:
            answer = ("result", function(holdings, *arguments, lambda value: pipe.send(("told", value))))
        except Exception as error:  # noqa: BLE001 - it is raised on the other side
            answer = ("error", _sendable(error))
        trim()
        try:
            pipe.send(answer)
        except (BrokenPipeError, ConnectionResetError):
            return


def _end_with_parent(lifeline: Connection) -> None:
    """Lets the system end this process as soon as nobody holds the other end of a pipe.

    A thread that waits for it would need the interpreter, which a hanging C function holds; PR_SET_PDEATHSIG is about
    the thread that forked, which a flow of Prefect outlives.
    """
    descriptor = lifeline.fileno()
    signal.signal(signal.SIGIO, signal.SIG_DFL)  # which ends a process
    fcntl.fcntl(descriptor, fcntl.F_SETOWN, os.getpid())
    fcntl.fcntl(descriptor, fcntl.F_SETFL, fcntl.fcntl(descriptor, fcntl.F_GETFL) | os.O_ASYNC | os.O_NONBLOCK)
    with suppress(BlockingIOError):
        if not os.read(descriptor, 1):  # the parent was gone before
            os._exit(1)


def _be_a_worker() -> None:
    """Puts off the handlers of signals and logs that this process inherited; the system may end it before others."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent hears it too, and decides
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    with suppress(ValueError):
        signal.set_wakeup_fd(-1)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, stop.SIGNALS)
    with suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text("900", encoding="ascii")
    with suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))  # a dump would hold the content of files
    for logger in logging.Logger.manager.loggerDict.values():
        if isinstance(logger, logging.Logger) and logger.handlers:
            logger.handlers[:] = []
            logger.propagate = True
    gc.freeze()


def _limit_addresses(budget: Budget) -> None:
    """Makes one huge allocation fail at once: the watch of the parent would see it late."""
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    own = int(Path("/proc/self/statm").read_bytes().split()[0]) * os.sysconf("SC_PAGE_SIZE")
    limit = own + budget.memory_bytes + ADDRESSES_BYTES
    with suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_AS, (limit if hard == resource.RLIM_INFINITY else min(limit, hard), hard))


def _sendable(error: Exception) -> Exception:
    """The error with its traceback as a note, if it can be pickled; else one that says the same."""
    text = "".join(traceback.format_exception(error))
    try:
        pickle.loads(pickle.dumps(error))  # noqa: S301 - made here
    except Exception:  # noqa: BLE001 - whatever an error of others does when it is pickled
        error = RuntimeError(f"{type(error).__name__}: {error}")
    error.add_note(text)
    return error


class _ToParent(QueueHandler):
    """Sends log records to the process that writes the log."""

    def __init__(self, pipe: Connection) -> None:
        super().__init__(queue=None)  # type: ignore[arg-type]
        self.pipe = pipe

    def enqueue(self, record: logging.LogRecord) -> None:
        self.pipe.send(("log", record))
