"""What costs more than its file can need is stopped and becomes a receipt; everything else is read all the same."""

import logging
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import coverage
import homes
import psutil
import pytest
from places import TESTS

from recovery.inbox import claims, worker
from recovery.inbox.worker import StoppedError, Worker, budget_of

ONE = "TINY\n2024-01-02T10:00:00 5\n"
CPU_S = 0.2 if coverage.Coverage.current() is None else 0.45  # what is measured computes more; in words both are 0 s
SMALL = worker.Budget(cpu_s=CPU_S, memory_bytes=80 << 20)

# What the content of a file makes the reader do: HUGE takes memory at once, SWELL bit by bit.
COSTLY = """
def spend(text):
    import faulthandler, os, signal, time
    if "BURN" in text:
        while True:
            pass
    if "SWELL" in text:
        kept = []
        while True:
            kept.append(bytearray(1 << 20))
    if "HUGE" in text:
        bytearray(100 << 30)
    if "DIE" in text:
        faulthandler.disable()
        os.kill(os.getpid(), signal.SIGSEGV)
    if "KILLED" in text:
        os.kill(os.getpid(), signal.SIGKILL)
    if "SLEEP" in text:
        time.sleep(60)


def claims(tree):
    for entry in tree:
        if entry.head.startswith(b"COSTLY CLAIM"):
            spend(entry.head.decode())
        if entry.head.startswith(b"TINY"):
            yield Claim(entry.path)
"""
COSTLY_FORMAT = homes.TINY_FORMAT.replace(
    "        text = entry.read().decode()\n", "        text = entry.read().decode()\n        spend(text)\n"
)
COSTLY_FORMAT = (
    COSTLY_FORMAT[: COSTLY_FORMAT.index("def claims")] + COSTLY + COSTLY_FORMAT[COSTLY_FORMAT.index("\n\ndef read") :]
)


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[homes.HomeAtWork]:
    monkeypatch.setattr(worker, "CPU_S", CPU_S)
    monkeypatch.setattr(worker, "CPU_S_PER_FILE", 0)
    monkeypatch.setattr(worker, "MEMORY_BYTES", 80 << 20)
    made = homes.make(tmp_path / "home", is_forked=True)
    (tmp_path / "more").mkdir()
    with homes.tiny_format(tmp_path / "more", COSTLY_FORMAT, "costly_format"):
        yield made
        made.close()


def children() -> set[int]:
    """Processes of this one; in the suite a server that other tests share may be among them."""
    found = psutil.Process().children(recursive=True)
    return {child.pid for child in found if child.status() != psutil.STATUS_ZOMBIE}


@pytest.mark.slow
@pytest.mark.parametrize(
    ("what", "sentence"),
    [
        ("BURN", "took more than 0 s of computing"),
        ("SWELL", "took more than 84 MB of memory"),
        ("HUGE", "took more than 84 MB of memory"),
        ("DIE", "broke down over it (status -11)"),
        ("KILLED", "where memory is short"),
    ],
)
def test_a_reader_that_takes_too_much_costs_its_file_alone(home: homes.HomeAtWork, what: str, sentence: str) -> None:
    for number in range(12):
        home.drop(f"{number:02d}.txt", f"TINY\n2024-01-02T10:{number:02d}:00 {number}\n")
    home.drop("07 odd.txt", f"TINY\n{what}\n")
    home.drop("09 odd.txt", f"TINY\n\n{what}\n")

    others = children()
    home.run()

    statuses = home.statuses()
    assert {name for name, status in statuses.items() if status != "loaded"} == {"07 odd.txt", "09 odd.txt"}
    assert statuses["07 odd.txt"] == "rejected"
    assert sentence in home.message("07 odd.txt")
    assert home.rows("select count(*), sum(value) from raw.samples") == [(12, 66.0)]
    assert home.look().is_quiet
    assert children() <= others


@pytest.mark.slow
@pytest.mark.parametrize("what", ["BURN", "SWELL", "DIE"])
def test_a_claim_that_takes_too_much_costs_its_file_alone(home: homes.HomeAtWork, what: str) -> None:
    for number in range(5):
        home.drop(f"{number}.txt", f"TINY\n2024-01-02T10:{number:02d}:00 {number}\n")
    home.drop("3 odd.txt", f"COSTLY CLAIM {what}\n")

    home.run()

    statuses = home.statuses()
    assert {name for name, status in statuses.items() if status != "loaded"} == {"3 odd.txt"}
    assert home.message("3 odd.txt").startswith("was left out: ")
    assert home.look().is_quiet


@pytest.mark.parametrize("stopped", ["2.txt", "0.txt"])
def test_where_claims_are_stopped_each_half_is_asked_until_the_file_is_found(
    home: homes.HomeAtWork, monkeypatch: pytest.MonkeyPatch, stopped: str
) -> None:
    homes.in_this_process(monkeypatch)
    for number in range(3):
        home.drop(f"{number}.txt", f"TINY\n2024-01-02T10:{number:02d}:00 {number}\n")
    asked: list[list[str]] = []
    recognise = claims.recognise

    def stopping(holdings: Any, paths: list[str], *others: Any) -> claims.Recognised:
        asked.append(sorted(paths))
        if stopped in paths:
            raise StoppedError("time", "took too long")
        return recognise(holdings, paths, *others)

    monkeypatch.setattr(claims, "recognise", stopping)
    home.run()

    assert {name for name, status in home.statuses().items() if status != "loaded"} == {stopped}
    assert "took too long" in home.message(stopped)
    assert [stopped] in asked
    assert asked[-1] == sorted({"0.txt", "1.txt", "2.txt"} - {stopped})  # the others, together


def test_a_guess_that_fails_leaves_a_general_sentence(home: homes.HomeAtWork, monkeypatch: pytest.MonkeyPatch) -> None:
    homes.in_this_process(monkeypatch)
    monkeypatch.setattr(claims.guess, "nearest", fail)  # takes two arguments: a bug
    home.drop("odd.bin", b"\x00\x01")

    home.run()

    assert "data in a form that is not known here" in home.message("odd.bin")


@pytest.mark.slow
def test_a_reader_that_does_nothing_is_ended_and_its_file_read_next_time(
    home: homes.HomeAtWork, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worker, "SILENT_S", 2.0)
    home.drop("one.txt", ONE)
    home.drop("odd.txt", "TINY\nSLEEP\n")

    home.run()

    assert home.statuses() == {"one.txt": "loaded"}
    assert not home.look().is_quiet


@pytest.mark.slow
def test_nothing_new_starts_no_worker(home: homes.HomeAtWork, monkeypatch: pytest.MonkeyPatch) -> None:
    home.drop("one.txt", ONE)
    home.run()

    monkeypatch.setattr(Worker, "_started", None)

    assert home.look().is_quiet


def double(holdings: int, number: int, tell: worker.Tell) -> int:
    tell("here")
    logging.getLogger("tests").warning("from %s", "there")
    return holdings * number


def fail(_holdings: object, _tell: worker.Tell) -> None:
    raise FileNotFoundError(2, "No such file", "x.csv")


def process(_holdings: object, _tell: worker.Tell) -> int:
    return os.getpid()


def test_a_worker_answers_tells_logs_and_fails_as_a_call_does(caplog: pytest.LogCaptureFixture) -> None:
    at_work = Worker(21)
    told: list[object] = []

    assert at_work.call(double, 2, budget=SMALL, hear=told.append) == 42
    with pytest.raises(FileNotFoundError, match=r"x\.csv") as raised:
        at_work.call(fail, budget=SMALL)
    first, second = (at_work.call(process, budget=SMALL) for _ in range(2))
    at_work.close()

    assert told == ["here"]
    assert "from there" in caplog.text
    assert "in fail" in raised.value.__notes__[0]
    assert first == second != os.getpid()
    assert not psutil.pid_exists(first)


def test_a_worker_that_was_ended_between_two_requests_is_replaced() -> None:
    at_work = Worker(1)
    first = at_work.call(process, budget=SMALL)
    os.kill(first, signal.SIGKILL)
    psutil.wait_procs([psutil.Process(first)], timeout=5)

    assert at_work.call(process, budget=SMALL) != first
    at_work.close()


def grow(_holdings: object, _tell: worker.Tell) -> None:
    kept = [bytearray(1 << 20) for _ in range(1000)]
    time.sleep(len(kept))


def test_memory_is_watched_by_the_resident_set() -> None:
    at_work = Worker(None)

    with pytest.raises(StoppedError, match="of memory"):
        at_work.call(grow, budget=SMALL)


def test_a_budget_grows_with_the_files() -> None:
    assert budget_of(1, 0).cpu_s < budget_of(4000, 0).cpu_s < budget_of(4000, 64 << 20).cpu_s
    assert budget_of(1, 0).memory_bytes < budget_of(1, 1 << 20).memory_bytes < psutil.virtual_memory().total


@pytest.mark.slow
def test_a_worker_ends_with_its_parent_whatever_it_is_doing(tmp_path: Path) -> None:
    script = (
        "import re, sys; from recovery.inbox.worker import Worker, budget_of\n"
        "import test_worker\n"
        "Worker(None).call(test_worker.hang, sys.argv[1], budget=budget_of(1, 0))\n"
    )
    note = tmp_path / "pid"
    parent = subprocess.Popen(
        [sys.executable, "-c", script, str(note)], cwd=TESTS / "inbox", env=os.environ | {"PYTHONPATH": str(TESTS)}
    )
    while not note.is_file() or not note.read_text():
        time.sleep(0.05)
    child = psutil.Process(int(note.read_text()))
    parent.kill()
    parent.wait()

    assert psutil.wait_procs([child], timeout=5)[1] == []


def hang(_holdings: object, note: str, _tell: worker.Tell) -> None:
    """Hangs in C, with the interpreter held."""
    import re

    Path(note).write_text(str(os.getpid()))
    re.match(r"(a|aa)+$", "a" * 100 + "b")
