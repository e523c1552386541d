"""Takes the pictures of docs/screens/ anew: pages of invented homes on a phone, in the system's Chromium.

    PYTHONPATH=tests python docs/screenshots.py

By hand, where pages changed; no test looks at the pictures. Needs the packages of the tests and Chromium.
"""

import tempfile
from pathlib import Path

import chromium
from page_homes import HOMES, NOW_UTC, Homes, home_of

from recovery import report
from recovery.home.settings import load_settings
from recovery.report.site import Page

HERE = Path(__file__).parent
PHONE = {"width": 390, "height": 1120}  # a screen and a third
DESK = {"width": 1280, "height": 900}
OTHERS = (Page.WEEKS, Page.EVIDENCE, Page.SHEET)
CLIENTS = tuple(f"Client {letter}" for letter in "ABCDEFGHIJKL")


def main() -> None:
    """Writes a PNG for each state of Today, one for each further page, and Clinic of twelve clients."""
    screens = HERE / "screens"
    screens.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch, chromium.started() as browser:
        homes = Homes(Path(scratch))

        def take(name: str, text: str, size: dict[str, int]) -> None:
            page = browser.new_page(viewport=size)
            path = Path(scratch) / f"{name}.html"
            path.write_text(text, encoding="utf-8")
            page.goto(path.as_uri())
            page.screenshot(path=str(screens / f"{name}.png"))
            page.close()

        for kind in HOMES:
            take(f"today-{kind}", homes.page(kind, Page.TODAY), PHONE)
        take("today-desk", homes.page("better", Page.TODAY), DESK)
        for other in OTHERS:
            take(f"{other}", homes.page("better", other), PHONE)
        kinds = (*HOMES, "better")
        clients = home_of(Path(scratch) / "clinic", dict(zip(CLIENTS, kinds, strict=True)))
        toml = clients.home.settings.read_text(encoding="utf-8")
        for client in CLIENTS:  # all of them agreed to be counted
            toml = toml.replace(f'[people."{client}"]', f'[people."{client}"]\nshared_since = 2026-05-01')
        clients.home.settings.write_text(toml, encoding="utf-8")
        clients = load_settings(clients.home.folder)
        take("clinic", report.write(clients, NOW_UTC).read_text(encoding="utf-8"), DESK)


if __name__ == "__main__":
    main()
