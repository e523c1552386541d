"""Which addresses of the computer the server answers at, tried in a network of its own."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from recovery.actions.init import init

pytestmark = pytest.mark.slow

OTHER = "192.0.2.7"  # a further address of the same computer, as that of its network card is
CHILD = """
import socket, subprocess, sys
from pathlib import Path
from recovery.home import stop
from recovery.home.settings import load_settings
from recovery.web.serve import Place, serve

for line in ("link set lo up", "addr add {other}/32 dev lo"):
    subprocess.run(["ip", *line.split()], check=True)

def answers(address, port):
    try:
        with socket.create_connection((address, port), 5) as asked:
            asked.sendall(f"GET / HTTP/1.1\\r\\nHost: {{address}}:{{port}}\\r\\n\\r\\n".encode())
            return asked.recv(12).decode()
    except OSError as error:
        return type(error).__name__

def visit(found):
    import threading
    port = int(found[0].rpartition(":")[2])
    def ask():
        print(is_lan, answers("127.0.0.1", port), answers("{other}", port), flush=True)
        is_over.set()
    threading.Thread(target=ask).start()

import threading
for is_lan in (False, True):
    is_over = threading.Event()
    stop.requested = is_over.is_set
    try:
        serve(load_settings(Path(sys.argv[1])), Place(0, is_lan), visit)
    except stop.Stopped:
        pass
"""


def test_without_lan_no_other_address_of_the_computer_is_answered(tmp_path: Path) -> None:
    unshare = shutil.which("unshare")
    if not unshare or not shutil.which("ip"):
        pytest.skip("no unshare or ip on this computer")
    if subprocess.run([unshare, "-rn", "true"], capture_output=True, check=False).returncode:
        pytest.skip("this computer lets nobody make a network of their own")
    init(tmp_path / "home", "UTC", ())

    told = subprocess.run(
        [unshare, "-rn", sys.executable, "-c", CHILD.format(other=OTHER), str(tmp_path / "home")],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
        env=dict(os.environ),
    )

    assert told.stdout.splitlines() == [
        "False HTTP/1.1 401 ConnectionRefusedError",
        "True HTTP/1.1 401 HTTP/1.1 401",
    ], told.stderr
