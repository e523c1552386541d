"""Great Expectations' Data Docs of the checks: a page for each relation, and a first page grouped by relation.

Its own pages load some 15 files from the network, one with an id of the installation in its address, and run scripts.
A site of Data Docs lets the renderer and the view of its pages be replaced: here the renderer reads the results in our
words, and the view is a template of ours that escapes every value, loads nothing and has a Content-Security-Policy
under which nothing could be loaded. Pages of relations that were not validated again stay as they are.
"""

import base64
import hashlib
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from itertools import groupby
from pathlib import Path
from typing import Any, NamedTuple

import duckdb
from jinja2 import Environment, PackageLoader, StrictUndefined

from recovery.checks._results import FailingRow, Result, results_of
from recovery.checks._store import PATH
from recovery.home.disk import private_folder
from recovery.home.folder import Home
from recovery.words import check_pages

SITE = "checks"
MAX_SHOWN = 20  # rows of one check on the first page
STYLE = """
body { font: 15px/1.5 system-ui, sans-serif; max-width: 70rem; margin: 2rem auto; padding: 0 1rem; color: #222; }
table { border-collapse: collapse; width: 100%; } td, th { text-align: left; padding: .3rem .6rem; vertical-align: top;
border-bottom: 1px solid #ddd; overflow-wrap: anywhere; } .soft { color: #666; } .met { color: #1a7f37; }
.critical { color: #b3261e; font-weight: 600; } .warning { color: #8a5a00; font-weight: 600; }
"""
POLICY = (
    f"default-src 'none'; style-src 'sha256-{base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()}';"
    " base-uri 'none'; form-action 'none'"
)


class OfRelation(NamedTuple):
    """The checks of one relation on the first page, and when they were made."""

    name: str
    results: Sequence[Result]
    run_id: str
    checked_utc: Any

    @property
    def rank(self) -> tuple[int, str]:
        """Critical failures first, then warnings, then what holds."""
        return min(map(_rank, self.results)), self.name


class RelationRenderer:
    """The renderer of a site's pages: what Great Expectations found, in our words."""

    def render(self, validation_results: Any) -> dict[str, Any]:
        """What the template needs of the results of one relation (an ExpectationSuiteValidationResult)."""
        results = results_of(validation_results)
        return {
            "relation": validation_results.suite_name,
            "run_id": validation_results.meta["run_id"].run_name,
            "results": sorted(results, key=_rank),
        }


class PageView:
    """The view of a site's pages."""

    def render(self, document: dict[str, Any], **_: object) -> str:
        """The page as HTML."""
        return _page("relation.html.j2", **document)


@contextmanager
def new_pages(home: Home) -> Iterator[Path]:
    """A folder with the pages of the last time, which takes their place when the context ends."""
    fresh, old = home.private / "checks.new", home.private / "checks.old"
    shutil.rmtree(fresh, ignore_errors=True)
    private_folder(fresh)
    if home.checks.is_dir():
        shutil.copytree(home.checks, fresh, dirs_exist_ok=True)
    yield fresh
    for path in fresh.iterdir():
        path.chmod(0o600)
    shutil.rmtree(old, ignore_errors=True)
    if home.checks.exists():
        home.checks.replace(old)
    fresh.replace(home.checks)
    shutil.rmtree(old, ignore_errors=True)


def build(context: Any, validated: Sequence[Any], folder: Path) -> None:
    """Builds the pages of some validation results (ValidationResultIdentifier) in a folder, one `<relation>.html` each.

    Raises LookupError where Great Expectations built no page.
    """
    built = folder / "built"
    context.add_data_docs_site(site_name=SITE, site_config=_site(built))
    context.build_data_docs(site_names=[SITE], resource_identifiers=list(validated), build_index=False)
    for identifier in validated:
        name = identifier.expectation_suite_identifier.name
        pages = list((built / "validations" / name).rglob("*.html"))
        if len(pages) != 1:
            raise LookupError(f"Great Expectations built {len(pages)} pages of {name}")
        pages[0].replace(folder / f"{name}.html")
    shutil.rmtree(built)


def write_index_in(connection: duckdb.DuckDBPyConnection, folder: Path) -> None:
    """Writes the first page: every check by relation, those with failures first, with the rows that break them."""
    groups = sorted(_groups(connection), key=lambda group: group.rank)
    for former in folder.glob("*.html"):
        if former.stem not in {group.name for group in groups}:
            former.unlink()  # of a relation that is checked no longer
    results = [result for group in groups for result in group.results]
    page = _page(
        "index.html.j2",
        groups=groups,
        count=len(results),
        failed=sum(not result.is_met for result in results),
        shown=MAX_SHOWN,
    )
    (folder / "index.html").write_text(page, encoding="utf-8")


def write_index(connection: duckdb.DuckDBPyConnection, home: Home) -> None:
    """Writes the first page anew where no other page changes."""
    with new_pages(home) as folder:
        write_index_in(connection, folder)


def _groups(connection: duckdb.DuckDBPyConnection) -> Iterator[OfRelation]:
    rejected: dict[tuple[str, str], list[FailingRow]] = {}
    for subject, place, sentence, value in connection.execute(
        "select subject, place, reason, value from raw.rejected where path = ? order by rowid", [PATH]
    ).fetchall():
        name, _, within = place.partition(", ")
        rejected.setdefault((name, sentence), []).append(FailingRow(subject, within, value))
    rows = connection.execute(
        "select relation, run_id, checked_utc, expectation, severity, success, coalesce(observed, '')"
        " from raw.checks inner join raw.checked using (relation) order by relation, checks.rowid"
    ).fetchall()
    for (name, run_id, checked_utc), found in groupby(rows, key=lambda row: row[:3]):
        results = [
            Result(name, sentence, severity, is_met, observed, rejected.get((name, sentence), ()))
            for _, _, _, sentence, severity, is_met, observed in found
        ]
        yield OfRelation(name, sorted(results, key=_rank), run_id, checked_utc)


def _rank(result: Result) -> int:
    return 2 if result.is_met else 0 if result.severity == "critical" else 1


def _site(folder: Path) -> dict[str, Any]:
    ours = {"module_name": __name__}
    return {
        "class_name": "SiteBuilder",
        "show_how_to_buttons": False,
        "store_backend": {"class_name": "TupleFilesystemStoreBackend", "base_directory": str(folder.absolute())},
        "site_index_builder": {"class_name": "DefaultSiteIndexBuilder"},  # not asked to build; see `write_index`
        "site_section_builders": {
            "expectations": "None",
            "profiling": "None",
            "validations": {
                "class_name": "DefaultSiteSectionBuilder",
                "renderer": {**ours, "class_name": RelationRenderer.__name__},
                "view": {**ours, "class_name": PageView.__name__},
            },
        },
    }


def _page(template: str, **values: Any) -> str:
    return _environment().get_template(template).render(style=STYLE, policy=POLICY, **values)


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("recovery.checks", "."),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals["words"] = check_pages
    return environment
