"""The system's Chromium, headless, for tests of what a person sees in a browser."""

import http.server
import os
import queue
import shutil
import subprocess
import threading
from pathlib import Path

import pytest

QUIET = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync",
    "--disable-background-networking", "--disable-component-update",
)  # fmt: skip


def path() -> str:
    """The browser; without one the test is skipped, in CI it fails."""
    found = shutil.which("chromium") or shutil.which("chromium-browser")
    if found:
        return found
    if os.environ.get("CI") == "true":
        pytest.fail("chromium is not installed")
    pytest.skip("chromium is not installed")


def dom(address: str, profile: Path, wait_ms: int = 20_000) -> str:
    """The page at an address after its scripts ran, as HTML."""
    done = subprocess.run(
        [path(), *QUIET, f"--user-data-dir={profile}", f"--virtual-time-budget={wait_ms}", "--dump-dom", address],
        capture_output=True, text=True, timeout=120, check=True,
    )  # fmt: skip
    return done.stdout


def report_of(page: str, profile: Path, wait_s: float = 60.0) -> str:
    """What a page's scripts send by POST to `/told`; the page is served from an origin of its own."""
    told: queue.Queue[str] = queue.Queue()

    class Origin(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.end_headers()
            self.wfile.write(page.encode())

        def do_POST(self) -> None:
            told.put(self.rfile.read(int(self.headers["Content-Length"])).decode())
            self.send_response(204)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Says nothing."""

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Origin) as origin:
        threading.Thread(target=origin.serve_forever, daemon=True).start()
        browser = subprocess.Popen(
            [path(), *QUIET, f"--user-data-dir={profile}", f"http://127.0.0.1:{origin.server_port}/"],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        try:
            return told.get(timeout=wait_s)
        finally:
            browser.terminate()
            browser.wait(20)
            origin.shutdown()
