"""Sentences for users go through `say`, whole, so that a translation can replace each."""

import ast
import re
import string
from collections.abc import Iterator
from pathlib import Path

import pytest
from places import ROOT

from recovery.words import say as say_module
from recovery.words.say import say

SOURCES = [path for folder in (ROOT / "src" / "recovery", ROOT / "pipelines") for path in sorted(folder.rglob("*.py"))]
OURS = {
    "LookupError",
    "ValueError",
    "TypeError",
    "KeyError",
    "RuntimeError",
    "AssertionError",
    "OSError",
}  # for engineers
TELLING = {"Skipped", "FileSummary", "echo", "BadParameter", "UsageError"}  # and every error that a user can mend


def calls(path: Path) -> Iterator[tuple[str, ast.Call]]:
    """Every call in a file with the name of what is called."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call):
            function = node.func
            yield function.id if isinstance(function, ast.Name) else getattr(function, "attr", ""), node


def where(path: Path, node: ast.AST) -> str:
    return f"{path.relative_to(ROOT)}:{getattr(node, 'lineno', 0)}"


def is_sentence(node: ast.AST) -> bool:
    """True for a text of two words or more that is written out here."""
    if isinstance(node, ast.JoinedStr):
        text = "".join(part.value if isinstance(part, ast.Constant) else " " for part in node.values)
    elif isinstance(node, ast.Constant) and isinstance(node.value, str):
        text = node.value
    else:
        return False
    return len(re.findall(r"[A-Za-z]{2,}", text)) >= 2 and " " in text.strip()


def test_what_is_raised_skipped_or_printed_for_users_goes_through_say() -> None:
    past = [
        where(path, argument)
        for path in SOURCES
        for name, call in calls(path)
        if name in TELLING or (name.endswith("Error") and name not in OURS)
        for argument in [*call.args, *(keyword.value for keyword in call.keywords)]
        for node in ([argument.body, argument.orelse] if isinstance(argument, ast.IfExp) else [argument])
        if is_sentence(node)
    ]

    assert past == []


def test_every_sentence_is_written_out_at_the_call_and_its_places_are_its_values() -> None:
    wrong = []
    for path in SOURCES:
        for name, call in calls(path):
            if name != "say":
                continue
            (sentence,) = call.args
            if not isinstance(sentence, ast.Constant):
                wrong.append(f"{where(path, call)} puts its sentence together")
                continue
            places = {place for _, place, _, _ in string.Formatter().parse(sentence.value) if place is not None}
            values = {keyword.arg for keyword in call.keywords}
            if places != values:
                wrong.append(
                    f"{where(path, call)} has the places {sorted(places)} and the values {sorted(map(str, values))}"
                )

    assert wrong == []


def test_a_translation_replaces_whole_sentences(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(say_module, "CATALOGUE", {"{count:,} of {all} files": "von {all} Dateien {count}"})

    assert say("{count:,} of {all} files", count=1200, all=3) == "von 3 Dateien 1200"
    assert say("{count:,} records {{so}}", count=1200) == "1,200 records {so}"
