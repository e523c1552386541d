"""SIGTERM, Ctrl-C and a closed terminal end the program cleanly: one exception, whatever the main thread is doing.

Python runs a signal's handler only between two of its own instructions. A query of DuckDB takes as long as it takes,
and turns the exception of a handler into an error of its own. So the request to stop is remembered, queries are
interrupted by a thread, and whoever catches all errors asks `check`.
"""

import os
import signal
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from types import FrameType

SIGNALS = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)
INTERRUPT_S = 0.5  # between two attempts to interrupt what the main thread waits for
END_S = 3.0  # after that, whoever still asks a database has lost the exception
ORPHAN_S = 8.0  # for a process whose parent was killed
PATIENCE_S = 20.0  # for all that is done at the end; a server of Prefect takes some seconds


class Stopped(BaseException):
    """The user or the system asked the program to end; `exit_status` is 130 for SIGINT, 143 for SIGTERM."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.number = number

    @property
    def name(self) -> str:
        return signal.Signals(self.number).name

    @property
    def exit_status(self) -> int:
        return 128 + self.number


class _State:
    """What signals came, and what can be interrupted; of the process, as signals are."""

    def __init__(self) -> None:
        self.number = 0  # set by the handler, which runs in the main thread when it comes to it
        self.heard = 0  # set by the thread that hears of signals at once, and then interrupts what runs
        self.is_raising = True
        self.interrupts: list[Callable[[], None]] = []


_state = _State()


def requested() -> bool:
    """True if the program was asked to end."""
    return bool(_state.number or _state.heard)


def check() -> None:
    """Raises Stopped if the program was asked to end."""
    if requested():
        raise Stopped(_state.number or _state.heard)


@contextmanager
def translated() -> Iterator[None]:
    """Raises Stopped in the place of any error that comes after the request to end."""
    try:
        yield
    except Exception as error:
        if requested():
            raise Stopped(_state.number or _state.heard) from error
        raise
    check()


@contextmanager
def interrupted_by(interrupt: Callable[[], None]) -> Iterator[None]:
    """`interrupt` is called where the main thread does not hear of a signal, for as long as this lasts."""
    _state.interrupts.append(interrupt)
    try:
        yield
    finally:
        _state.interrupts.remove(interrupt)


@contextmanager
def on_signals(last_words: Callable[[Stopped], None] = lambda _: None) -> Iterator[None]:
    """The signals raise Stopped in the main thread, once; those that follow are ignored.

    The process ends after `PATIENCE_S` even where something holds it, after `last_words`.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    _state.number = _state.heard = 0
    heard, told = socket.socketpair()
    is_over = threading.Event()
    told.setblocking(False)
    is_deaf = signal.getsignal(signal.SIGHUP) is signal.SIG_IGN  # started by nohup
    former = {number: signal.signal(number, note) for number in (SIGNALS[:2] if is_deaf else SIGNALS)}
    former_descriptor = signal.set_wakeup_fd(told.fileno(), warn_on_full_buffer=False)
    threading.Thread(target=_watch, args=(heard, is_over, last_words), daemon=True, name="stop").start()
    try:
        yield
    finally:
        for number, handler in former.items():
            signal.signal(number, handler)
        signal.set_wakeup_fd(former_descriptor)
        is_over.set()
        told.close()  # ends the thread, which closes the other end


@contextmanager
def only_noted() -> Iterator[None]:
    """Signals raise nothing meanwhile: who runs an event loop, which loses such an exception, asks `requested`."""
    _state.is_raising = False
    try:
        yield
    finally:
        _state.is_raising = True


def note(number: int, frame: FrameType | None = None) -> None:
    """The handler of the signals."""
    del frame
    if not _state.number:
        _state.number = number
        if _state.is_raising:
            raise Stopped(number)


def _watch(heard: socket.socket, is_over: threading.Event, last_words: Callable[[Stopped], None]) -> None:
    """Waits for one of the signals, which arrives here also where the main thread is busy."""
    with heard:
        while (numbers := heard.recv(64)) and not any(number in numbers for number in SIGNALS):
            pass
        if not numbers:
            return
        _state.heard = next(number for number in numbers if number in SIGNALS)
        signal.setitimer(signal.ITIMER_REAL, PATIENCE_S + ORPHAN_S)  # SIGALRM ends also who holds the interpreter
        begun = time.monotonic()
        while (waited := time.monotonic() - begun) < PATIENCE_S:
            if is_over.wait(INTERRUPT_S):
                signal.setitimer(signal.ITIMER_REAL, 0)
                return
            if not _state.number or waited > END_S:
                for interrupt in tuple(_state.interrupts):
                    with suppress(Exception):
                        interrupt()
        end = Stopped(_state.heard)
        with suppress(Exception):
            last_words(end)
        os._exit(end.exit_status)


def signals_blocked() -> AbstractContextManager[None]:
    """Processes started here never see Ctrl-C, which a terminal sends to all: they end when told to, without a word."""
    return _blocked({signal.SIGINT})


def all_signals_blocked() -> AbstractContextManager[None]:
    """A fork made here runs none of our handlers; it lets the signals through again when it has its own."""
    return _blocked(set(SIGNALS))


@contextmanager
def _blocked(numbers: set[signal.Signals]) -> Iterator[None]:
    former = signal.pthread_sigmask(signal.SIG_BLOCK, numbers)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, former)


def end_with_the_parent() -> None:
    """Ends this process soon after the one that started it, also where that was killed; call it in the child."""
    parent = os.getppid()

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(1.0)
        os.kill(os.getpid(), signal.SIGTERM)
        time.sleep(ORPHAN_S)
        os._exit(1)

    threading.Thread(target=watch, daemon=True, name="parent").start()
