"""The run that is started from the page: its steps, its end, one at a time."""

import json
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from live import Live, send, token
from nights import FirstRun

from recovery.home import lock
from recovery.job.last_run import last_run
from recovery.vocabulary.roles import Role
from recovery.web.runner import COMMAND, Runner
from recovery.words import web as words

SAYS = """
import json, sys, time
say = lambda **told: print(json.dumps(told), flush=True)
say(step="look into the inbox")
print("noise")
say(done=10, total=40)
say(step="check")
"""
ENDS = "say(end='Done: 3 new files.', is_done=True)\n"


@pytest.fixture
def live(tmp_path: Path) -> Live:
    return Live(tmp_path / "home")


def saying(live: Live, program: str) -> None:
    live.runner.command = (sys.executable, "-S", "-c", program)


def wait(is_so: Callable[[], bool]) -> None:
    until = time.monotonic() + 30
    while not is_so():
        assert time.monotonic() < until
        time.sleep(0.02)


def test_a_run_tells_its_steps_and_how_it_ended(live: Live) -> None:
    saying(live, SAYS + ENDS)
    owner = live.owner()

    assert send(owner, "/run", "/run").headers["location"] == "/run"
    wait(lambda: not live.runner.progress.is_running)

    found = live.runner.progress
    assert (found.steps, found.done, found.total) == (("look into the inbox", "check"), 10, 40)
    assert "Done: 3 new files." in owner.get("/run").text


def test_its_changes_come_as_events_until_it_ends(live: Live) -> None:
    saying(live, SAYS + "time.sleep(0.4)\n" + ENDS)
    owner = live.owner()
    send(owner, "/run", "/run")

    answer = owner.get("/run/events")

    told = [json.loads(line.partition(" ")[2]) for line in answer.text.splitlines() if line.startswith("data:")]
    assert answer.headers["content-type"].startswith("text/event-stream")
    assert told[-1]["end"] == "Done: 3 new files."
    assert [one["running"] for one in told][-1] is False
    assert any(one["step"] == "check" for one in told)


def test_a_second_run_is_not_started_beside_the_first(live: Live) -> None:
    saying(live, SAYS + "time.sleep(60)\n")

    assert live.runner.start()
    assert not live.runner.start()
    live.runner.stop()
    wait(lambda: not live.runner.progress.is_running)

    assert live.runner.progress.end == words.RUN_FAILED


def test_only_the_owner_runs_and_a_form_of_the_session_asks(live: Live) -> None:
    saying(live, ENDS)
    anna = live.browser(Role.PERSON, "anna")

    assert anna.post("/run", data={"token": token(anna.get("/people/anna").text)}).status_code == 403
    assert anna.get("/run/events").status_code == 403
    assert live.owner().post("/run", data={}).status_code == 403
    assert live.runner.progress.version == 0


@pytest.mark.slow
def test_the_process_makes_a_run_under_the_lock_of_all_runs(first_run: FirstRun, tmp_path: Path) -> None:
    settings = first_run.copy(tmp_path / "home")
    runner = Runner(settings.home.folder, COMMAND)

    with lock.held(settings, "recovery nightly"):
        assert runner.start()
        wait(lambda: not runner.progress.is_running)
        assert "recovery nightly" in runner.progress.end
        assert not runner.progress.is_done
    assert runner.start()
    wait(lambda: not runner.progress.is_running)

    assert runner.progress.is_done, runner.progress.end
    assert runner.progress.end == "Nothing new was found."
    assert runner.progress.steps[0] == "look into the inbox"
    assert (last := last_run(settings.home))
    assert (last.name, last.status) == ("recovery serve", "nothing new")


def test_somebody_elses_run_is_told(live: Live) -> None:
    with lock.held(live.settings, "recovery nightly"):
        assert words.BUSY in live.owner().get("/run").text
    assert words.NOT_RUNNING in live.owner().get("/run").text
