"""Where the server listens, and how long it waits for who says nothing."""

import socket
import threading
from pathlib import Path

import pytest
from live import Live

from recovery.errors import RecoveryError
from recovery.home import stop
from recovery.web import serve
from recovery.web.serve import Place, addresses


@pytest.mark.parametrize(
    ("place", "found"),
    [
        (Place(), ["http://127.0.0.1:8765"]),
        (Place(names=("back.example",)), ["http://127.0.0.1:8765", "https://back.example"]),
        (Place(is_lan=True, names=("a.example",)), ["http://127.0.0.1:8765", "http://a.example:8765"]),
        (
            Place(is_lan=True, names=("a.example",), certificate=Path("c.pem")),
            ["https://127.0.0.1:8765", "https://a.example:8765"],
        ),
    ],
)
def test_the_addresses_are_those_under_which_it_answers(
    place: Place, found: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(serve, "_own_address", lambda: "")

    assert addresses(place, 8765) == found


def test_a_port_that_is_taken_is_named(tmp_path: Path) -> None:
    live = Live(tmp_path / "home")
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(RecoveryError, match=f"Port {port} .* is taken"):
            serve.serve(live.settings, Place(port), lambda _: None)


def test_who_connects_and_says_nothing_is_let_go_and_a_signal_ends_it_all(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    live = Live(tmp_path / "home")
    is_over = threading.Event()
    monkeypatch.setattr(serve, "FIRST_REQUEST_S", 0.2)
    monkeypatch.setattr(stop, "requested", is_over.is_set)
    ends: list[bytes] = []

    def visit(found: object) -> None:
        port = int(str(found[0]).rpartition(":")[2])  # type: ignore[index]

        def ask() -> None:
            with socket.create_connection(("127.0.0.1", port), 20) as silent:
                silent.sendall(b"GET / HTTP/1.1\r\nHost: ")
                ends.append(silent.recv(100))
            is_over.set()

        threading.Thread(target=ask).start()

    with pytest.raises(stop.Stopped):
        serve.serve(live.settings, Place(0), visit)

    assert ends == [b""]
