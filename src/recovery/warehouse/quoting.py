"""How values and names are written into a statement that takes no parameters: the only place that quotes SQL."""

from collections.abc import Iterable


def quote(text: str) -> str:
    """A text as SQL writes it: 'it''s'."""
    return "'" + text.replace("'", "''") + "'"


def quote_all(texts: Iterable[str]) -> str:
    """Texts as SQL writes a list of them: 'a', 'b'."""
    return ", ".join(map(quote, texts))


def quote_name(name: str) -> str:
    """The name of a column or table as SQL writes it, also where it is a word of SQL: "window"."""
    return '"' + name.replace('"', '""') + '"'


def quote_names(names: Iterable[str]) -> str:
    """Names as SQL writes a list of them: "subject", "window"."""
    return ", ".join(map(quote_name, names))
