"""The rooms are what the documentation says: the table is the import contract, the picture is the import graph."""

import re
import sys
from pathlib import Path

import pytest
from places import ROOT

sys.path.insert(0, str(ROOT / "docs"))

import draw_rooms
import rooms

ROOMS = [room for layer in rooms.layers() for room in layer]


def room_of(test: Path) -> str:
    return test.parent.relative_to(ROOT / "tests").parts[0]


def test_the_table_has_the_layers_of_the_import_contract() -> None:
    text = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    table = text.partition("| Room |")[2].partition("<!-- [[[end]]] -->")[0]
    rows = re.findall(r"^\| `(\w+)` \|.*\| ([^|]*) \|$", table, re.M)
    layers = rooms.layers()

    assert [room for room, _ in rows] == ROOMS
    for layer in layers:
        for room in layer:
            named = re.findall(r"`(\w+)`", dict(rows)[room].partition("not ")[2])
            assert named == [other for other in layer if other != room]
    assert dict(rows)["vocabulary"] == "`errors`"
    assert dict(rows)["errors"] == "nothing"


def test_every_package_is_a_room_and_nothing_else_lies_loose() -> None:
    source = ROOT / "src" / "recovery"
    found = {path.name for path in source.iterdir() if path.is_dir() and path.name != "__pycache__"}
    loose = {path.stem for path in source.glob("*.py")}

    assert loose == {"__init__", "__main__", "cli", "errors"}
    assert found | (loose - {"__init__"}) == set(ROOMS)
    assert all(rooms.holds(room) for room in ROOMS)


def test_tests_lie_in_folders_named_for_rooms() -> None:
    folders = {room_of(path) for path in (ROOT / "tests").rglob("test_*.py")}

    assert folders - set(ROOMS) == {"fuzz", "house", "real", "sql"}


def test_every_room_with_tests_has_some_that_are_fast(request: pytest.FixtureRequest) -> None:
    asked = {Path(part.partition("::")[0]).resolve() for part in request.config.args}
    left_out = request.config.getini("norecursedirs")
    folders = {path for path in (ROOT / "tests").iterdir() if path.is_dir() and path.name not in left_out}
    folders = {path for path in folders if any(path.rglob("test_*.py"))}
    is_whole = asked in ({ROOT / "tests"}, folders)  # a worker asks folder by folder, see tests/conftest.py
    if not is_whole or request.config.option.keyword:
        pytest.skip("only some of the tests were asked for")
    fast = {item.path for item in request.session.items if item.get_closest_marker("slow") is None}
    tested = {room_of(path) for path in (ROOT / "tests").rglob("test_*.py")}

    assert tested - {room_of(path) for path in fast} == {"fuzz", "real"}


def test_a_room_imports_only_rooms_below() -> None:
    rank = {room: number for number, layer in enumerate(rooms.layers()) for room in layer}

    assert all(rank[room] < rank[other] for room, others in rooms.imports().items() for other in others)


def test_the_picture_is_the_import_graph_of_today() -> None:
    drawn = draw_rooms.PICTURE.read_text(encoding="utf-8")

    assert drawn == draw_rooms.picture(), "draw it anew: python docs/draw_rooms.py"


def test_arrows_that_follow_from_others_are_left_out() -> None:
    known = {"a": frozenset("bcd"), "b": frozenset("c"), "c": frozenset("d"), "d": frozenset()}

    kept = rooms.without_detours(known)

    assert kept == {"a": {"b"}, "b": {"c"}, "c": {"d"}, "d": frozenset()}
