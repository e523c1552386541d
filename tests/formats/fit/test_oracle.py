"""fitparse, an independent reader, as oracle: every message and every value of real files.

It is slow: of a long file it reads MOST_MESSAGES here and of the Garmin years SOME_FILES; `pytest --whole-files` reads
each file to its end and MANY_FILES.
"""

import random
import zipfile
from pathlib import Path

import oracle
import pytest
from places import REAL

from recovery.formats.fit.decode import Decoded
from recovery.formats.fit.rows import rows

pytestmark = pytest.mark.slow

REAL_FIT = REAL / "fit"
ODD = sorted(path for path in REAL_FIT.glob("*/**/*.fit") if "CHI-Garmin" not in path.parts)
SOME_FILES, MANY_FILES = 60, 500
MOST_MESSAGES = 600
STOP_FITPARSE = {  # what stops fitparse before the end, and whether the file is damaged
    "activity-settings-corruptheader.fit": True,  # a second part whose header lost its magic
    "activity-settings-nodata.fit": True,  # a second part that is a header only
    "activity-unexpected-eof.fit": True,
    "nick.fit": True,
    "strava-android-app-201.10-b1218918.fit": True,  # a message without a definition
    "coros-pace-2-cycling-misaligned-fields.fit": False,  # a uint32 of 1 byte
}


@pytest.mark.skipif(not ODD, reason="the real exports (../shared/data/real) are not here")
@pytest.mark.parametrize("path", ODD, ids=lambda path: path.name)
def test_every_message_and_value_of_an_odd_file(path: Path, request: pytest.FixtureRequest) -> None:
    content = path.read_bytes()
    is_whole = request.config.getoption("--whole-files") or path.name in STOP_FITPARSE
    theirs = oracle.read_with_fitparse(content, None if is_whole else MOST_MESSAGES)

    decoded = Decoded([content])

    assert oracle.differences(theirs, rows(decoded)[0]) == []
    assert oracle.scaled_differences(theirs, decoded) == []
    assert bool(theirs.stopped) == (path.name in STOP_FITPARSE)
    assert decoded.reports[0].is_partial == STOP_FITPARSE.get(path.name, False)


def test_every_message_and_value_of_files_of_the_garmin_years(real: Path, request: pytest.FixtureRequest) -> None:
    count = MANY_FILES if request.config.getoption("--whole-files") else SOME_FILES
    archives = [zipfile.ZipFile(path) for path in sorted((real / "fit" / "CHI-Garmin").glob("*.zip"))]
    members = [(archive, name) for archive in archives for name in archive.namelist() if name.endswith(".fit")]
    chosen = random.Random(2026).sample(members, count)  # noqa: S311
    contents = [archive.read(name) for archive, name in chosen]

    decoded = Decoded(contents)

    for file, (content, found) in enumerate(zip(contents, rows(decoded), strict=True)):
        theirs = oracle.read_with_fitparse(content)
        assert theirs.stopped == ""
        assert oracle.differences(theirs, found) == []
        assert oracle.scaled_differences(theirs, decoded, file) == []
    assert not any(report.problem for report in decoded.reports)
