"""SIGTERM, Ctrl-C and a closed terminal end the program with one line, whatever it is doing."""

import signal
import subprocess
import sys
import time

import psutil
import pytest
from by_hand import published_home

from recovery.home import stop
from recovery.home.settings import Settings

ENDLESS = "select sum(one.range * two.range % 7) from range(900000) as one, range(900000) as two"
BUSY = """
import signal, sys
from recovery.home import stop
signal.signal(signal.SIGINT, signal.SIG_IGN if sys.argv[1] == "deaf" else signal.default_int_handler)
with stop.on_signals():
    try:
        while True:
            try:
                print("ready", flush=True)
                signal.pause()
            except Exception:
                raise AssertionError
    except stop.Stopped as end:
        print("cleaning", flush=True)
        signal.raise_signal(signal.SIGTERM)  # as `timeout` does: once to the process, once to its group
        print(end.name, end.exit_status)
"""


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    return published_home(tmp_path_factory.mktemp("published") / "home")


def started(*words: str) -> "subprocess.Popen[str]":
    return subprocess.Popen([sys.executable, *words], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


@pytest.mark.slow
@pytest.mark.parametrize(("number", "status"), [(signal.SIGTERM, 143), (signal.SIGINT, 130), (signal.SIGHUP, 129)])
def test_a_command_that_waits_for_a_query_ends_with_one_line(published: Settings, number: int, status: int) -> None:
    if signal.getsignal(number) == signal.SIG_IGN:
        pytest.skip("whoever started the tests has this signal ignored, as nohup does")
    process = started("-m", "recovery", "query", "--home", str(published.home.folder), ENDLESS)
    try:
        while psutil.Process(process.pid).cpu_times().user < 0.8:  # the imports are made, the query is at work
            time.sleep(0.05)
        process.send_signal(number)
        said, complaint = process.communicate(timeout=30)
    finally:
        process.kill()

    assert process.returncode == status
    assert said == ""
    assert complaint == (
        f"recovery: stopped by {signal.Signals(number).name}; what was published before still stands.\n"
    )


@pytest.mark.parametrize("hearing", ["deaf", "hearing"])
def test_one_signal_is_enough_and_a_second_does_not_disturb_the_end(hearing: str) -> None:
    process = started("-c", BUSY, hearing)
    assert process.stdout
    assert process.stdout.readline() == "ready\n"
    process.send_signal(signal.SIGINT)

    assert process.communicate(timeout=30) == ("cleaning\nSIGINT 130\n", "")


@pytest.mark.parametrize("told_by", ["number", "heard"])  # a query is interrupted before the main thread knows why
def test_what_comes_after_the_request_to_stop_is_no_error(monkeypatch: pytest.MonkeyPatch, told_by: str) -> None:
    monkeypatch.setattr(stop._state, told_by, signal.SIGTERM)

    with pytest.raises(stop.Stopped), stop.translated():
        raise RuntimeError("Query interrupted")
    with pytest.raises(stop.Stopped), stop.translated():
        pass


def test_an_error_without_a_request_to_stop_is_what_it_is() -> None:
    with pytest.raises(RuntimeError, match="a bug"), stop.translated():
        raise RuntimeError("a bug")


@pytest.mark.slow
def test_a_child_ends_when_the_parent_is_killed() -> None:
    child = "from recovery.home import stop; import os, time; stop.end_with_the_parent();"
    child += "print(os.getpid(), flush=True); time.sleep(60)"
    process = started("-c", f"import subprocess, sys; subprocess.run([sys.executable, '-c', {child!r}])")
    assert process.stdout
    orphan = psutil.Process(int(process.stdout.readline()))
    process.kill()
    process.communicate()

    assert psutil.wait_procs([orphan], timeout=10)[1] == []
