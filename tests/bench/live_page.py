"""How the live page stands a flood and a large file: `python tests/bench/live_page.py --megabytes 4000`.

Starts `recovery serve` on a home of its own, and prints what the memory of the server was before and afterwards,
and how long the next page of the owner took.
"""

import argparse
import http.client
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import psutil

from recovery.actions.init import init
from recovery.home import keys
from recovery.home.folder import Home
from recovery.vocabulary.roles import Role

WORKERS = 4


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--requests", type=int, default=100_000)
    parser.add_argument("--megabytes", type=int, default=4_000)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        home = Home(Path(folder) / "home")
        init(home.folder, "Europe/Berlin", ["anna"])
        with subprocess.Popen(
            [sys.executable, "-m", "recovery", "serve", "--port", "0", "--home", str(home.folder)],
            stdout=subprocess.PIPE, text=True,
        ) as process:  # fmt: skip
            assert process.stdout
            (address,) = re.findall(r"http://\S+?:\d+", process.stdout.readline())
            try:
                _flood(home, address, psutil.Process(process.pid), given.requests)
                _large_file(home, address, psutil.Process(process.pid), given.megabytes)
            finally:
                process.terminate()


def _flood(home: Home, address: str, server: psutil.Process, count: int) -> None:
    owner = _client(home, address, Role.OWNER)
    print(f"owner's page before: {_seconds(owner):.3f} s, {_megabytes(server):.0f} MB")
    begun = time.monotonic()
    with ThreadPoolExecutor(WORKERS) as pool:
        asking = [pool.submit(_ask, address, worker, count // WORKERS) for worker in range(WORKERS)]
        meanwhile = []
        while not all(one.done() for one in asking):
            time.sleep(0.5)
            meanwhile.append(_seconds(owner))
    seconds = time.monotonic() - begun
    print(f"{count:,} requests with wrong keys in {seconds:.0f} s, then {_megabytes(server):.0f} MB")
    print(f"owner's page meanwhile at most {max(meanwhile):.3f} s, after: {_seconds(owner):.3f} s")


def _ask(address: str, worker: int, count: int) -> None:
    connection = http.client.HTTPConnection(address.removeprefix("http://"))
    for number in range(count):
        connection.request("GET", f"/people/x{number}", headers={"Authorization": f"Bearer {worker}-{number}"})
        connection.getresponse().read()
    connection.close()


def _large_file(home: Home, address: str, server: psutil.Process, megabytes: int) -> None:
    owner = _client(home, address, Role.OWNER)
    largest = 0.0

    def form() -> Iterator[bytes]:
        nonlocal largest
        yield b'--b\r\ncontent-disposition: form-data; name="files"; filename="large.bin"\r\n\r\n'
        for number in range(megabytes):
            yield bytes(1_000_000)
            if number % 20 == 0:
                largest = max(largest, _megabytes(server))
        yield b"\r\n--b--\r\n"

    begun = time.monotonic()
    headers = {"content-type": "multipart/form-data; boundary=b"}
    answer = owner.post("/people/me/files", content=form(), headers=headers, timeout=600)
    (path,) = home.inbox.glob("sent/*/large.bin")
    assert (answer.status_code, path.stat().st_size) == (303, megabytes * 1_000_000)
    print(f"{megabytes:,} MB in {time.monotonic() - begun:.0f} s, at most {largest:.0f} MB of memory")


def _client(home: Home, address: str, role: Role) -> httpx.Client:
    _, secret = keys.make(home, keys.KEY, role)
    return httpx.Client(base_url=address, headers={"authorization": f"Bearer {secret}"}, timeout=60)


def _seconds(client: httpx.Client) -> float:
    begun = time.monotonic()
    assert client.get("/people/me").status_code == 200
    return time.monotonic() - begun


def _megabytes(process: psutil.Process) -> float:
    return float(process.memory_info().rss / 1e6)


if __name__ == "__main__":
    main()
