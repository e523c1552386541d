"""One module per export format, found here by looking, never listed by hand. A leading `_` hides a module."""

from collections.abc import Iterator, Sequence
from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from typing import Protocol, cast

from recovery.formats.entries import Claim, Context, Entry, Tree
from recovery.formats.records import Yielded
from recovery.formats.resaved import VENDORS, TableForm, as_exported

LOGS = ("massage_log", "diary_log")  # they know what people write by a heading or two, as other tables may have
MAPPED = "mapped_table"  # the reader of the files that recovery.toml maps; it alone is shown them
MENDED = (*LOGS, MAPPED, "calendar_ics")  # they put in what inbox/mends.csv says of the rows of a file


class Reader(Protocol):
    """What `recovery.formats.entries` asks of a module here."""

    __name__: str
    LABEL: str
    VERSION: int
    USES_LOCAL_TIME: bool

    def claims(self, tree: Tree, /) -> Iterator[Claim]: ...

    def read(self, files: Sequence[Entry], context: Context, /) -> Iterator[Yielded]: ...


@cache
def readers() -> dict[str, Reader]:
    """Every reader by its name, which is the module's."""
    return {
        module.name: cast(Reader, import_module(f"{__name__}.{module.name}"))
        for module in iter_modules(__path__)
        if not module.name.startswith("_")
    }


def is_rewritten(name: str) -> bool:
    """Whether the files of a reader are written anew under their names, and tell no date of their own.

    Such a module has `IS_REWRITTEN = True`; its summaries give the newest time in the file as the date of the export.
    """
    return bool(getattr(readers()[name], "IS_REWRITTEN", False))


def table_form(name: str) -> TableForm | None:
    """How the vendor of a reader writes tables; None where tables are shown as they are, also saved again.

    Logs and mapped tables are, since people write them in spreadsheets. Other modules say `TABLE_FORM` where their
    vendor does not write commas, ISO dates and decimal points.
    """
    if name in LOGS or name == MAPPED:
        return None
    return cast(TableForm, getattr(readers()[name], "TABLE_FORM", VENDORS))


def shown_as(form: TableForm | None, tree: Sequence[Entry]) -> list[Entry]:
    """The entries as a reader of such tables sees them: a table saved again is as its vendor wrote it."""
    return list(tree) if form is None else [as_exported(entry, form) for entry in tree]
