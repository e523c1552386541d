"""Tests that share one build: the records of each are those of one person.

To plan the statements of `sql/` takes half a second of CPU, however few rows there are. So all tests of a module that
are `one_of_many` run to their `yield`, which is where they have given their records; then each goes on alone, and what
it asks for is built once for all of them.
"""

import functools
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import duckdb
import pytest
import sql_cases

from recovery import warehouse
from recovery.home.settings import Travel
from recovery.warehouse.quoting import quote_all

Steps = Iterator[None]  # a test in two steps: to its `yield`, and from there to its end


@dataclass
class Person:
    """The person of one test, at home in UTC unless the test says otherwise.

    The priority of a source (`raw.source_priority`) holds for all people: give it to a source of another name.
    """

    connection: duckdb.DuckDBPyConnection
    subject: str
    steps: Steps | None = None


@pytest.fixture(scope="module")
def people(request: pytest.FixtureRequest) -> Iterator[Mapping[str, Person]]:
    """The people of a module by the names of their tests, with all records given and nothing built."""
    connection = warehouse.connect()
    warehouse.create_raw(connection)
    made = {}
    for item in request.session.items:
        if isinstance(item, pytest.Function) and item.module is request.module and hasattr(item.function, "in_steps"):
            person = made[item.name] = Person(connection, item.name)
            home(person, "UTC")
            parameters = item.callspec.params if hasattr(item, "callspec") else {}
            person.steps = item.function.in_steps(person, **parameters)
            next(person.steps)
    yield made
    connection.close()


@pytest.fixture
def person(request: pytest.FixtureRequest, people: Mapping[str, Person]) -> Person:
    return people[request.node.name]


def one_of_many(test: Callable[..., Steps]) -> Callable[..., None]:
    """A test that gives records of its `person`, yields, and asserts what was made of them."""

    @functools.wraps(test)
    def go_on(person: Person, **_: object) -> None:
        assert person.steps is not None
        next(person.steps, None)

    go_on.in_steps = test  # type: ignore[attr-defined]
    return go_on


def home(person: Person, zone: str, travel: Sequence[Travel] = ()) -> None:
    sql_cases.home(person.connection, zone, travel, person.subject)


def given(person: Person, name: str, rows: Iterable[Mapping[str, Any]]) -> None:
    """Adds records of the person to a table of `raw`."""
    of_whom = {} if name == "raw.source_priority" else {"subject": person.subject}
    sql_cases.given(person.connection, name, rows, **of_whom)


def rows(person: Person, name: str, columns: str = "*", where: str = "true") -> list[tuple]:
    """The person's rows of a relation, which is built where it is not there, ordered by the columns asked for."""
    sql_cases.built(person.connection, name)
    return person.connection.execute(
        f"select {columns} from (from {name} where subject = {quote_all((person.subject,))}) where {where} order by all"
    ).fetchall()
