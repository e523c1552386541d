"""A Prefect server for the tests of this folder; it ends with the last of them."""

from collections.abc import Iterator

import pytest

from recovery.home.folder import Home


@pytest.fixture(scope="package")
def prefect_home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """The home of the server that the tests of this folder share."""
    return Home(tmp_path_factory.mktemp("prefect"))


@pytest.fixture(scope="package")
def prefect_server(prefect_home: Home) -> Iterator[str]:
    """The address of a real Prefect server, named in PREFECT_API_URL: a run with one of its own costs 10 s more."""
    from recovery.pipelines import environment, server

    environment.use(prefect_home)
    with server.running(prefect_home, is_passing=False) as url:
        yield url
