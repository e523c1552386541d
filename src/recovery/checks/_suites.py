"""Suites of Great Expectations, made of the checks of the modules beside this one."""

from collections.abc import Iterable
from functools import cache
from importlib import import_module
from typing import Any, ClassVar, assert_never

from great_expectations.compatibility import pydantic
from great_expectations.expectations.core.unexpected_rows_expectation import UnexpectedRowsExpectation

from recovery.checks._kinds import Check, Columns, NoRows, NotNull, OneOf, Ordered, Unique, Within
from recovery.checks._results import CheckedRelation

gxe: Any = import_module("great_expectations.expectations")  # its names are made at run time; mypy sees none


class _ReadsItsFields:
    """Arguments of an expectation read from its fields, and its configuration made once for all that it depends on.

    Great Expectations makes the expectation's whole configuration anew for each argument, and of that the expectation
    for each metric: more than half of the time of the checks of a small home.
    """

    __fields__: ClassVar[dict[str, Any]]
    _known: Any  # the configuration, while it is asked for again and again
    domain_keys: ClassVar[tuple[str, ...]]
    success_keys: ClassVar[tuple[str, ...]]

    @property
    def configuration(self) -> Any:
        return self._known or super().configuration  # type: ignore[misc]

    def get_validation_dependencies(self, *told: Any, **named: Any) -> Any:
        known = self.configuration
        known.to_domain_obj = lambda: self
        self._known = known
        try:
            return super().get_validation_dependencies(*told, **named)  # type: ignore[misc]
        finally:
            self._known = None

    def _get_domain_kwargs(self) -> dict[str, Any]:
        return self._fields_of(self.domain_keys)

    def _get_success_kwargs(self) -> dict[str, Any]:
        return self._fields_of((*self.success_keys, *self.domain_keys))

    def _get_success_kwarg(self, key: str, default: Any = None) -> Any:
        return getattr(self, key) if key in self.__fields__ else default

    def _fields_of(self, keys: Iterable[str]) -> dict[str, Any]:
        return {key: self._get_success_kwarg(key) for key in keys}


@cache
def _as_gx(name: str) -> Any:
    """An expectation of Great Expectations under its own name, which is its type; it takes the other's place."""
    known = getattr(gxe, name)
    told = {"__module__": __name__, "__doc__": known.__doc__, "_known": pydantic.PrivateAttr(None)}
    return type(known)(name, (_ReadsItsFields, known), told)


class ExpectNoRowThatBreaksARule(_ReadsItsFields, UnexpectedRowsExpectation):
    """A rule that crosses rows or tables: a select of `subject, place, value` finds none that breaks it.

    The offending rows stand in the result, under `details`.
    """

    description: str = "No row breaks the rule."
    domain_keys: ClassVar[tuple[str, ...]] = ("batch_id",)
    _known: Any = pydantic.PrivateAttr(None)

    @pydantic.validator("unexpected_rows_query")
    def _validate_query(cls, query: str) -> str:  # noqa: N805 - a validator of pydantic 1
        """Leaves the select as it is: it may have braces, and a rule may look at other relations alone."""
        return query


def expectations(relation: CheckedRelation) -> list[Any]:
    """One expectation for each check of a relation, in their order; `meta` says how to name an offending row."""
    return [
        _expectation(
            check,
            severity=check.severity,
            description=check.sentence,
            meta={"number": number, "key": list(relation.KEY)},
        )
        for number, check in enumerate(relation.CHECKS)
    ]


def _expectation(check: Check, **common: Any) -> Any:
    match check:
        case Unique(columns=(column,)):
            return _as_gx("ExpectColumnValuesToBeUnique")(column=column, **common)
        case Unique():
            return _as_gx("ExpectCompoundColumnsToBeUnique")(column_list=list(check.columns), **common)
        case Within():
            low, is_strict = (check.low, False) if check.above is None else (check.above, True)
            return _as_gx("ExpectColumnValuesToBeBetween")(
                column=check.column, min_value=low, max_value=check.high, strict_min=is_strict, **common
            )
        case OneOf():
            words = [str(word) for word in check.words]
            return _as_gx("ExpectColumnValuesToBeInSet")(column=check.column, value_set=words, **common)
        case NotNull():
            return _as_gx("ExpectColumnValuesToNotBeNull")(column=check.column, **common)
        case Ordered():
            return _as_gx("ExpectColumnPairValuesAToBeGreaterThanB")(
                column_A=check.second, column_B=check.first, or_equal=check.is_equal_allowed, **common
            )
        case Columns():
            return _as_gx("ExpectTableColumnsToMatchOrderedList")(column_list=list(check.names), **common)
        case NoRows():
            return ExpectNoRowThatBreaksARule(unexpected_rows_query=check.select, **common)
        case _:
            assert_never(check)
