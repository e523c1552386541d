"""`recovery serve`, `keys` and `open` on the terminal, and the server as a process."""

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest
from click.testing import CliRunner, Result

from recovery.actions.init import init
from recovery.cli import cli
from recovery.home import keys, served
from recovery.home.folder import Home
from recovery.vocabulary.roles import Role


@pytest.fixture
def home(tmp_path: Path) -> Home:
    init(tmp_path / "home", "Europe/Berlin", ["anna"])
    return Home(tmp_path / "home")


def asked(home: Home, *words: str) -> Result:
    return CliRunner().invoke(cli, [*words, "--home", str(home.folder)])


def test_a_key_is_shown_once_listed_and_revoked(home: Home) -> None:
    made = asked(home, "keys", "add", "--role", "app", "--person", "anna", "--note", "her phone").stdout
    (key,) = keys.known(home)

    assert keys.digest(made.splitlines()[1]) == key.sha256
    listed = asked(home, "keys", "list").stdout
    assert f"{key.id}  key      app        anna  not used yet  her phone" in listed
    assert made.splitlines()[1] not in listed
    assert "opens nothing any more" in asked(home, "keys", "revoke", key.id).stdout
    assert asked(home, "keys", "revoke", key.id).exit_code == 1
    assert asked(home, "keys", "list").stdout == "There are no keys yet.\n"


def test_a_browser_is_invited_by_a_code_behind_the_hash(home: Home) -> None:
    said = asked(home, "keys", "invite", "--role", "person", "--person", "anna").stdout

    (code,) = re.findall(r"/enter#(\S+)", said)
    (key,) = keys.known(home)
    assert (key.kind, key.role, key.people) == (keys.CODE, Role.PERSON, ("anna",))
    assert keys.digest(code) == key.sha256


@pytest.mark.parametrize(
    "words",
    [
        ("keys", "add", "--role", "person", "--person", "nobody"),
        ("keys", "invite", "--role", "app", "--person", "anna"),
        ("serve", "--lan"),
        ("serve", "--lan", "--name", "home.example"),
        ("serve", "--insecure"),
    ],
)
def test_what_is_refused_makes_no_key_and_serves_nothing(home: Home, words: tuple[str, ...]) -> None:
    assert asked(home, *words).exit_code == 2
    assert keys.known(home) == []


def test_lan_without_a_certificate_is_refused_with_what_to_do(home: Home) -> None:
    said = " ".join(asked(home, "serve", "--lan").output.split())

    assert "everybody in the network can read the page" in said
    assert "--certificate" in said
    assert "--insecure" in said


def test_a_certificate_that_is_none_is_named(home: Home) -> None:
    wrong = home.folder / "recovery.toml"

    result = asked(home, "serve", "--lan", "--certificate", str(wrong), "--certificate-key", str(wrong), "--port", "0")

    assert result.exit_code == 1
    assert "cannot be used" in result.output


def test_without_a_server_open_shows_the_page_of_the_disk(home: Home) -> None:
    assert "There is no report" in asked(home, "open").output
    assert served.addresses(home) == []


@pytest.mark.slow
def test_no_other_command_waits_for_the_server_to_be_imported() -> None:
    program = (
        "import sys; from recovery.commands import command_names, load_command;"
        " [load_command(name) for name in command_names()]; import recovery.job.once;"
        " assert not {'fastapi', 'starlette', 'uvicorn'} & set(sys.modules)"
    )

    assert subprocess.run([sys.executable, "-c", program], timeout=120, check=False).returncode == 0


@pytest.mark.parametrize(
    ("addresses", "own"),
    [
        (["http://127.0.0.1:1"], "http://127.0.0.1:1"),
        (["http://127.0.0.1:1", "https://back.example"], "http://127.0.0.1:1"),
        (["https://127.0.0.1:1", "https://back.example:1"], "https://back.example:1"),
        (["https://127.0.0.1:1"], "https://127.0.0.1:1"),
    ],
)
def test_the_owner_opens_the_address_that_the_certificate_is_for(home: Home, addresses: list[str], own: str) -> None:
    with served.served_at(home, addresses):
        assert served.own_address(home) == own
    assert served.own_address(home) == ""


@contextmanager
def served_by(home: Home, *words: str) -> Iterator["tuple[subprocess.Popen[str], list[str]]"]:
    """The process of a server, and the addresses that it tells."""
    process = subprocess.Popen(
        [sys.executable, "-m", "recovery", "serve", "--port", "0", *words, "--home", str(home.folder)],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env={**os.environ, "PYTHONUNBUFFERED": "1"},
    )  # fmt: skip
    assert process.stdout
    try:
        yield process, re.findall(r"https?://[^ ,]+:\d+", process.stdout.readline())
    finally:
        process.kill()
        process.communicate(timeout=30)


def own_addresses() -> set[str]:
    """Addresses of this computer in its network."""
    from recovery.web.serve import _own_address

    found = {own for *_, (own, *_) in socket.getaddrinfo(socket.gethostname(), None, socket.AF_INET)}
    return {own for own in {*found, _own_address()} if own and not own.startswith("127.")}


@pytest.mark.slow
def test_the_server_answers_on_loopback_alone_and_ends_on_a_signal(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    with served_by(home) as (process, addresses):
        (address,) = addresses
        port = int(address.rpartition(":")[2])

        assert httpx.get(address, timeout=20).status_code == 401
        for own in own_addresses():
            with pytest.raises(ConnectionRefusedError):
                socket.create_connection((own, port), 5)
        assert served.addresses(home) == [address]
        assert "served already" in asked(home, "serve").output
        monkeypatch.setattr("webbrowser.open", lambda _: False)
        (code,) = re.findall(r"/enter#(\S+)", asked(home, "open").output)
        entered = httpx.post(f"{address}/enter", data={"code": code}, headers={"origin": address}, timeout=20)
        assert "HttpOnly" in entered.headers["set-cookie"]
        assert home.entry_page.stat().st_mode & 0o777 == 0o600
        process.send_signal(signal.SIGTERM)
        assert process.wait(20) == 143
    assert served.addresses(home) == []
    assert not home.served.exists()


@pytest.mark.slow
def test_the_network_is_served_with_a_certificate(home: Home, tmp_path: Path) -> None:
    certificate, key = tmp_path / "home.pem", tmp_path / "home.key"
    made = [
        "req",
        "-x509",
        "-newkey",
        "ec",
        "-pkeyopt",
        "ec_paramgen_curve:prime256v1",
        "-nodes",
        "-days",
        "2",
        "-subj",
    ]
    openssl = shutil.which("openssl") or pytest.skip("openssl is not installed")
    subprocess.run(
        [openssl, *made, "/CN=home.example", "-keyout", key, "-out", certificate], check=True, capture_output=True
    )
    given = ("--lan", "--certificate", str(certificate), "--certificate-key", str(key), "--name", "home.example")

    with served_by(home, *given) as (_, addresses):
        port = int(addresses[0].rpartition(":")[2])
        assert f"https://home.example:{port}" in addresses
        _, code = keys.make(home, keys.CODE, Role.OWNER, lasts=keys.CODE_LASTS)
        with httpx.Client(verify=False, timeout=20) as client:  # noqa: S501 - of our own making
            for own in own_addresses():
                assert client.get(f"https://{own}:{port}/").status_code == 401
            assert client.get(addresses[0], headers={"host": "evil.example"}).status_code == 421
            named = {"host": f"home.example:{port}", "origin": f"https://home.example:{port}"}
            entered = client.post(f"{addresses[0]}/enter", data={"code": code}, headers=named)
        assert "Secure" in entered.headers["set-cookie"]
        with pytest.raises(httpx.TransportError):
            httpx.get(addresses[0].replace("https", "http"), timeout=20)
