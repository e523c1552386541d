"""What the work database knows of the files of the inbox, and which of them must be opened again although unchanged."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

import duckdb
import pyarrow as pa

from recovery.home import forgotten
from recovery.home.folder import Home
from recovery.home.settings import OWNER, Settings
from recovery.inbox.archives import MEMBER
from recovery.inbox.fingerprints import is_mapped_otherwise, settings_fingerprint
from recovery.inbox.receipts import Known
from recovery.inbox.walk import Found
from recovery.readers import MAPPED, MENDED, readers
from recovery.warehouse.connection import arrow

# A file that was read and holds no record is the original of its content too.
EMPTY = "(status = 'ignored' and reader_version is not null)"


class KnownFile(NamedTuple):
    """What raw.files says of a dropped file as a whole."""

    size: int | None
    mtime_ns: int | None
    status: str
    sha256: str | None
    message: str | None


def known_files(connection: duckdb.DuckDBPyConnection) -> dict[str, KnownFile]:
    """The dropped files that have a receipt, by path; members of archives are left out."""
    rows = connection.execute(
        f"select path, bytes, mtime_ns, status, sha256, message from raw.files where not contains(path, '{MEMBER}')"
    ).fetchall()
    return {path: KnownFile(*row) for path, *row in rows}


def without_forgotten(
    home: Home, found: Sequence[Found], known: Mapping[str, KnownFile]
) -> tuple[list[Found], dict[str, KnownFile]]:
    """Both without the files that were forgotten and lie there as they did then, which are not even opened."""
    if not any(map(forgotten.is_hidden, known)):
        return list(found), dict(known)
    key = forgotten.key_at(home.forgotten_key)
    names = {file.path: forgotten.hidden_path(key, file.path, MEMBER) for file in found}
    same = {
        file.path
        for file in found
        if (row := known.get(names[file.path])) and (row.size, row.mtime_ns) == (file.size, file.mtime_ns)
    }
    hidden = {names[path] for path in same}
    return (
        [file for file in found if file.path not in same],
        {path: row for path, row in known.items() if path not in hidden},
    )


def stale_roots(settings: Settings, connection: duckdb.DuckDBPyConnection, *, are_readers_changed: bool) -> set[str]:
    """Dropped files that hold something to be read or asked about again."""
    rows = [
        (name, reader.VERSION, subject, settings_fingerprint(settings, subject, name))
        for name, reader in readers().items()
        for subject in sorted({OWNER, *settings.subjects})  # whose a log of several people is
    ]
    digests = settings.mends.digests
    is_mended = " or ".join(f"files.format = '{name}'" for name in MENDED)
    # As lists: to make Arrow columns imports pandas, for which a run with nothing new would pay half of its time.
    formats, versions, subjects, zones = map(list, zip(*rows, strict=True))
    found = connection.execute(
        f"""
        with now as (
            select
                unnest($formats::varchar[]) as format, unnest($versions::integer[]) as reader_version,
                unnest($subjects::varchar[]) as subject, unnest($zones::varchar[]) as zones
        ),
        mended as (select unnest($paths::varchar[]) as path, unnest($digests::varchar[]) as digest),
        people as (select unnest($people::varchar[]) as person)
        select distinct split_part(files.path, '{MEMBER}', 1)
        from raw.files left join now on files.format = now.format and files.subject = now.subject
        left join people on split_part(files.path, '/', 1) = people.person and contains(files.path, '/')
        left join mended on files.path = mended.path and ({is_mended})
        where (not files.is_gone and files.subject <> coalesce(people.person, '{OWNER}'))
        or (
            not files.is_gone and
            files.reader_version is not null and now.format is not null
            and files.status <> 'duplicate' and (
                files.reader_version is distinct from now.reader_version
                or files.zones is distinct from nullif(concat_ws(' ', now.zones, mended.digest), '')
            )
        )
        or ($are_readers_changed and files.status in ('unrecognised', 'ignored', 'rejected'))
        or (  -- an earlier run stopped between the removal of the original and the reading of this duplicate
            files.status = 'duplicate' and files.format not in ('zip', 'gz', 'tar')
            and (files.subject, files.sha256) not in (
                select (subject, sha256) from raw.files
                where sha256 is not null
                and (status in ('loaded', 'partial', 'rejected') or {EMPTY})
            )
        )
        """,
        {
            "formats": formats,
            "versions": versions,
            "subjects": subjects,
            "zones": zones,
            "paths": list(digests),
            "digests": list(digests.values()),
            "people": list(settings.people),
            "are_readers_changed": are_readers_changed,
        },
    ).fetchall()
    return {path for (path,) in found} | _mapped_otherwise(settings, connection)


def _mapped_otherwise(settings: Settings, connection: duckdb.DuckDBPyConnection) -> set[str]:
    """Dropped files with a member or content that recovery.toml maps now and did not, or no longer does."""
    rows = connection.execute(
        "select path, format from raw.files where status in ('loaded', 'partial') and not is_gone"
        " and (? or format = ?)",
        [bool(settings.tables), MAPPED],
    ).fetchall()
    return {path.partition(MEMBER)[0] for path, reader in rows if is_mapped_otherwise(settings, path, reader)}


def orphans(
    connection: duckdb.DuckDBPyConnection, opened: Sequence[Found], removed: Sequence[str], found: Sequence[Found]
) -> list[Found]:
    """Duplicates whose original is re-read or was removed; one of them may become the original."""
    with (
        arrow(connection, "opened", root=pa.array([file.path for file in opened], pa.string())),
        arrow(connection, "removed", root=pa.array(removed, pa.string())),
    ):
        roots = {
            root
            for (root,) in connection.execute(
                f"""
                with originals as (
                    select sha256, subject
                    from raw.files
                    where (status in ('loaded', 'partial', 'rejected') or {EMPTY}) and (
                        split_part(path, '{MEMBER}', 1) in (select root from opened)
                        or (split_part(path, '{MEMBER}', 1) in (select root from removed)
                            and path in (select path from raw.logs))
                    )
                )

                select distinct split_part(path, '{MEMBER}', 1)
                from raw.files semi join originals using (sha256, subject)
                where status = 'duplicate'
                """
            ).fetchall()
        }
    roots -= {file.path for file in opened}
    return [file for file in found if file.path in roots and not file.status]


def removed_files(known: Iterable[str], found: Sequence[Found]) -> list[str]:
    """Known files that are no longer in the inbox; those below a folder that cannot be opened may still be."""
    here = {file.path for file in found}
    closed = tuple(file.path + "/" for file in found if file.is_folder)
    return [path for path in known if path not in here and not (closed and path.startswith(closed))]


def obsolete_receipts(connection: duckdb.DuckDBPyConnection, roots: Sequence[str]) -> set[str]:
    """The receipts that removed files no longer need: those of logs, and of files and members without data."""
    if not roots:
        return set()
    return {
        path
        for (path,) in connection.execute(
            f"select path from raw.files where list_contains(?, split_part(path, '{MEMBER}', 1))"
            " and (status in ('duplicate', 'ignored', 'unrecognised', 'rejected', 'waiting')"
            " or path in (select path from raw.logs))",
            [list(roots)],
        ).fetchall()
    }


def known_below(connection: duckdb.DuckDBPyConnection, roots: Sequence[str]) -> dict[str, dict[str, Known]]:
    """What is known of dropped files and their members: by dropped file, then by path."""
    with arrow(connection, "roots", root=pa.array(roots, pa.string())):
        rows = connection.execute(
            f"select {', '.join(Known._fields)} from raw.files"
            f" semi join roots on split_part(files.path, '{MEMBER}', 1) = roots.root"
        ).fetchall()
    below: dict[str, dict[str, Known]] = defaultdict(dict)
    for row in rows:
        below[row[0].partition(MEMBER)[0]][row[0]] = Known(*row)
    return below
