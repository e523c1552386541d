"""Where everything of one home lies."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Home:
    """Where everything of one home lies."""

    folder: Path
    study: Path | None = None  # of a shard: the folder of its study, whose settings, inbox and plans of trials it reads

    @property
    def given(self) -> Path:
        """Where lies what people put there: the home itself, and of a shard its study."""
        return self.study or self.folder

    @property
    def settings(self) -> Path:
        return self.given / "recovery.toml"

    @property
    def inbox(self) -> Path:
        return self.given / "inbox"

    @property
    def published(self) -> Path:
        return self.folder / "recovery.duckdb"

    @property
    def report(self) -> Path:
        return self.folder / "report.html"

    @property
    def pages(self) -> Path:
        """The pages of each person, a folder each."""
        return self.folder / "report"

    @property
    def checks(self) -> Path:
        return self.folder / "checks"

    @property
    def trials(self) -> Path:
        return self.given / "trials"

    @property
    def demo_mark(self) -> Path:
        """Lies in a home whose data `recovery demo` invented; the page and `demo` look for it."""
        return self.given / "INVENTED DATA.txt"

    @property
    def private(self) -> Path:
        return self.folder / ".recovery"

    @property
    def nightly_lock(self) -> Path:
        return self.private / "nightly-lock"

    @property
    def work(self) -> Path:
        return self.private / "work.duckdb"

    @property
    def staging(self) -> Path:
        return self.private / "staged"

    @property
    def temporary(self) -> Path:
        return self.private / "tmp"

    @property
    def lock(self) -> Path:
        return self.private / "lock"

    @property
    def log_lock(self) -> Path:
        return self.private / "log-lock"

    @property
    def log_versions(self) -> Path:
        """What the massage lists and diaries said before `recovery log edit` and `remove` changed them."""
        return self.private / "log-versions"

    @property
    def forgotten_key(self) -> Path:
        """The key of the hashes by which forgotten contents and files are recognised; all shards have the study's."""
        return self.given / ".recovery" / "forgotten.key"

    @property
    def logs(self) -> Path:
        return self.private / "logs"

    @property
    def prefect(self) -> Path:
        return self.private / "prefect"

    @property
    def door(self) -> Path:
        """Address and key of the server that `recovery nightly` runs, while it runs."""
        return self.private / "door.json"

    @property
    def keys(self) -> Path:
        """Hashes of the keys, codes and sessions of the live page."""
        return self.private / "keys.json"

    @property
    def keys_lock(self) -> Path:
        return self.private / "keys-lock"

    @property
    def share_key(self) -> Path:
        """The random key of the ids under which clinics know the people of this home; it says nothing about them."""
        return self.private / "share.key"

    @property
    def export_key(self) -> Path:
        """Which ids people of a study were given away under, and how far their dates moved."""
        return self.given / ".recovery" / "export-key.json"

    @property
    def served(self) -> Path:
        """The address of the live page, while `recovery serve` runs."""
        return self.private / "served.json"

    @property
    def served_lock(self) -> Path:
        return self.private / "served-lock"

    @property
    def entry_page(self) -> Path:
        """A page of the disk that hands its one-time code to the live page."""
        return self.private / "open.html"

    @property
    def last_run(self) -> Path:
        """When a run was last made, and how it ended."""
        return self.private / "last-run.json"

    @property
    def notify(self) -> Path:
        """The command of `[notify]` as it last stood in a valid recovery.toml."""
        return self.private / "notify.json"
