"""A Prefect server for the tests of this folder; it ends with the last that asks for it."""

from collections.abc import Generator, Iterator
from contextlib import ExitStack

import pytest
from prefect_records import NewRecords

from recovery.home.folder import Home

SERVER = pytest.StashKey[ExitStack]()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown(item: pytest.Item) -> Generator[None]:
    """After the last test that asks for the server it ends: pytest would keep it to the end, and it is never idle."""
    yield
    asking = [other for other in item.session.items if "prefect_server" in getattr(other, "fixturenames", ())]
    if asking and item is asking[-1] and SERVER in item.config.stash:
        item.config.stash[SERVER].close()


@pytest.fixture(scope="session")
def prefect_home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """The home of the server that the tests of this folder share."""
    return Home(tmp_path_factory.mktemp("prefect"))


@pytest.fixture(scope="session")
def prefect_server(prefect_home: Home, new_records: NewRecords, pytestconfig: pytest.Config) -> Iterator[str]:
    """The address of a real Prefect server, named in PREFECT_API_URL; one of its own costs a run 4 s of CPU."""
    from recovery.pipelines import environment, server

    environment.use(prefect_home)
    with ExitStack() as stack:
        with new_records.lock:  # taken again by `give`
            new_records.give(prefect_home)
            url = stack.enter_context(server.running(prefect_home, is_passing=False))
            if not new_records.folder.exists():
                new_records.keep(prefect_home)
        pytestconfig.stash[SERVER] = stack
        yield url
