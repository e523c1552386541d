"""What the tests of pages share: homes with few and many massages, made once; a browser."""

from collections.abc import Iterator
from typing import Any

import chromium
import pytest
from page_homes import Homes


@pytest.fixture(scope="session")
def homes(tmp_path_factory: pytest.TempPathFactory) -> Homes:
    """Homes of each kind of `page_homes.HOMES`, made when they are asked for."""
    return Homes(tmp_path_factory.mktemp("homes"))


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """The system's Chromium; skipped without one, and failed in CI."""
    with chromium.started() as started:
        yield started
