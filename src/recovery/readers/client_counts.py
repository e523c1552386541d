"""Counts and dates that a client shares with a clinic, made by `recovery share` in the client's own home.

They are no records of anybody: the file only gets a receipt, and Clinic reads it where it lies, as long as it lies
there. `formats.client_counts` says what it may hold; a file that is anything else is refused as a whole.
"""

from collections.abc import Iterator, Sequence

from recovery.errors import UnreadableExportError
from recovery.formats.client_counts import HEAD, MAX_BYTES, counts_in
from recovery.formats.entries import Claim, Context, Entry, Tree
from recovery.formats.records import FileSummary, Skipped, Yielded
from recovery.home import clock
from recovery.words.say import say

LABEL = say("counts of a client, for Clinic (JSON)")
VERSION = 1
USES_LOCAL_TIME = False


def claims(tree: Tree) -> Iterator[Claim]:
    """JSON that begins with our mark."""
    for entry in tree:
        if HEAD.match(entry.head):
            yield Claim(entry.path)


def read(files: Sequence[Entry], context: Context) -> Iterator[Yielded]:
    """A sentence for each file, or why it is refused."""
    today = clock.latest_utc(clock.now_utc()).date()
    for number, entry in enumerate(files):
        try:
            with entry.open() as stream:
                found = counts_in(stream.read(MAX_BYTES + 1), entry.name, today)
        except UnreadableExportError as error:
            yield FileSummary(number)
            yield Skipped(number, "file", f"{error}")
            continue
        if found.withdrawn:
            sentence = say("{client} no longer shares anything, as of {made}.", client=found.client, made=found.made)
        else:
            sentence = say(
                "Counts and dates that {client} shares, of {made}; Clinic shows them while this file lies in the inbox,"
                " outside of archives and of the folders of people.",
                client=found.client,
                made=found.made,
            )
        yield FileSummary(number, message=sentence)
