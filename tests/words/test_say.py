"""Sentences for users go through `say`, whole, so that a translation can replace each."""

import ast
import itertools
import re
import string
from collections.abc import Iterator
from functools import cache
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
SAYING = ("readers", "formats", "inbox", "loading", "home", "trials", "actions", "commands", "published", "job")
WORD_LISTS = {  # what people write, texts of files that the program makes, and descriptions of columns
    "formats/log_words.py",
    "formats/log_clients.py",
    "formats/calendar_people.py",
    "formats/log_columns.py",
    "formats/records.py",
    "actions/demo/__init__.py",
    "actions/demo/cohort.py",
    "actions/demo/fitbit.py",
    "actions/demo/life.py",
    "published/classified.py",
    "published/dictionary.py",
}
TOLD_ELSEWHERE = {
    "say",
    "Step",
    "option",
    "argument",
    "version_option",
    "info",
    "warning",
    "error",
    "exception",
    "debug",
}
SENTENCE = re.compile(
    r"\b(a|an|the|is|are|was|were|of|no|not|left|cannot|which|its|that|this|these|by|only|told|without|known|taken)\b"
)
CODE = re.compile(  # SQL, patterns, lists of accepted words, types
    r"\b(select|from raw|insert into|delete from|where|create|attach|join|typeof|case when|comment on)\b"
    r"|Callable\[|RAW_INTENSITY|^State of Mind$|reader_version|\^|\||&#?\w+;|^%\("
)
TELLING = {"Skipped", "FileSummary", "echo", "BadParameter", "UsageError"}  # and every error that a user can mend


@cache
def nodes(path: Path) -> list[ast.AST]:
    """Every node of a file."""
    return list(ast.walk(ast.parse(path.read_text(encoding="utf-8"))))


@cache
def calls(path: Path) -> list[tuple[str, ast.Call]]:
    """Every call in a file with the name of what is called."""
    return [
        (node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", ""), node)
        for node in nodes(path)
        if isinstance(node, ast.Call)
    ]


@pytest.fixture(scope="module", autouse=True)
def parsed_once() -> Iterator[None]:
    """The nodes of all files are many: they are gone after these tests."""
    yield
    nodes.cache_clear()
    calls.cache_clear()


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


@pytest.mark.slow
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


def untold(path: Path) -> Iterator[tuple[ast.AST, str]]:
    """Texts of three words or more, one of them a word that sentences are made of, which stand in no call of `say`."""
    parents = {child: node for node in nodes(path) for child in ast.iter_child_nodes(node)}
    for node in nodes(path):
        text = text_of(node)
        if not text or not (len(re.findall(r"[^\W\d_]{2,}", text)) >= 3 and SENTENCE.search(text)) or CODE.search(text):
            continue
        around = [node]
        while around[-1] in parents:
            around.append(parents[around[-1]])
        if not any(is_for_engineers(inner, outer) for inner, outer in itertools.pairwise(around)):
            yield node, text


def text_of(node: ast.AST) -> str:
    if isinstance(node, ast.JoinedStr):
        return "".join(part.value if isinstance(part, ast.Constant) else " " for part in node.values)
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""


def is_for_engineers(inner: ast.AST, outer: ast.AST) -> bool:
    """True inside `say`, and in docstrings, annotations, log lines and help texts."""
    if isinstance(outer, ast.Call):
        name = outer.func.id if isinstance(outer.func, ast.Name) else getattr(outer.func, "attr", "")
        return inner is not outer.func and (name in TOLD_ELSEWHERE or name in OURS)
    if isinstance(outer, ast.AnnAssign):
        return inner is outer.annotation
    return isinstance(outer, ast.Expr | ast.JoinedStr) and not isinstance(inner, ast.Call)


def test_no_sentence_stands_in_a_variable_a_list_or_a_constant_past_say() -> None:
    past = [
        f"{where(path, node)} {text[:60]!r}"
        for room in SAYING
        for path in sorted((ROOT / "src" / "recovery" / room).rglob("*.py"))
        if path.relative_to(ROOT / "src" / "recovery").as_posix() not in WORD_LISTS
        for node, text in untold(path)
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
