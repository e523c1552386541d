"""What Great Expectations imports and this program never uses, left out: half of its memory, a third of its CPU.

It imports SQLAlchemy for its own way to databases, which it can do without (that is its path where SQLAlchemy is not
installed), and the drawings of Altair and the statistics of SciPy for two or three expectations of distributions.
"""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from types import ModuleType
from typing import Any

from recovery.home.memory import hidden

WANTED_BY_NAME = ("altair", "scipy.stats")


class _Late(ModuleType):
    """A module that is imported as soon as anything of it is asked for."""

    def __getattr__(self, name: str) -> Any:
        return getattr(import_module(self.__name__), name)


@contextmanager
def left_out() -> Iterator[None]:
    """Inside, importing one of these costs nothing, unless it is there already; afterwards they are as ever."""
    late = {name: _Late(name) for name in WANTED_BY_NAME if name not in sys.modules}
    sys.modules.update(late)
    try:
        with hidden("sqlalchemy"):
            yield
    finally:
        for name, instead in late.items():
            if sys.modules.get(name) is instead:
                del sys.modules[name]
