"""Great Expectations' Data Docs as plain pages: no script, no font, no picture, no address outside the folder.

As built they load some 15 files from the network, one with an id of the installation in its address, and draw their
first page with a script. Here every script and remote reference goes, one small style sheet of ours comes in, and the
first page is a table of the checks that links to the pages of the relations.
"""

import re
import shutil
from collections.abc import Sequence
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING

from recovery.home.folder import Home

if TYPE_CHECKING:
    from recovery.checks import Result
    from recovery.checks._expectations import Validated

MAX_SHOWN = 20  # rows of one check on the first page
STYLE = """
body { font: 15px/1.5 system-ui, sans-serif; max-width: 70rem; margin: 2rem auto; padding: 0 1rem; color: #222; }
table { border-collapse: collapse; width: 100%; } td, th { text-align: left; padding: .3rem .6rem; vertical-align: top;
border-bottom: 1px solid #ddd; } .met { color: #1a7f37; } .critical { color: #b3261e; font-weight: 600; }
.warning { color: #8a5a00; font-weight: 600; } .alert { background: #f3f3f3; padding: .6rem; }
.fa-check-circle::before { content: "\\2713"; color: #1a7f37; } .fa-times::before { content: "\\2717"; color: #b3261e; }
.fa-exclamation-triangle::before { content: "!"; color: #8a5a00; } .cooltip .top, .card-header, .btn-group,
.ge-walkthrough-modal { display: none; } ul { padding-left: 1.2rem; }
"""
ELEMENTS = re.compile(r"<(script|style|footer|button|svg)\b.*?</\1\s*>", re.DOTALL | re.IGNORECASE)
LOADERS = re.compile(
    r"<(?:link|img|base|iframe|embed|source|input|meta\s+http-equiv)\b[^>]*>|</iframe\s*>", re.IGNORECASE
)
COMMENTS = re.compile(r"<!--.*?-->", re.DOTALL)
REMOTE_ATTRIBUTE = re.compile(
    r"\s(?:[\w:-]+)\s*=\s*(?:\"[^\"]*(?:https?:)?//[^\"]*\"|'[^']*(?:https?:)?//[^']*')", re.IGNORECASE
)
HANDLERS = re.compile(r"\son\w+\s*=\s*(?:\"[^\"]*\"|'[^']*')", re.IGNORECASE)
MODALS = re.compile(r'<div class="modal\b.*(?=<div class="container-fluid)', re.DOTALL)


def write(validated: "Validated", home: Home) -> Path:
    """The pages of one run in `checks/` of the home; they replace the last run's. Gives the first page."""
    fresh = home.private / "checks.new"
    shutil.rmtree(fresh, ignore_errors=True)
    built = fresh / "gx"
    built.mkdir(parents=True)
    context = validated.context
    context.add_data_docs_site(
        site_name="checks",
        site_config={
            "class_name": "SiteBuilder",
            "site_index_builder": {"class_name": "DefaultSiteIndexBuilder"},
            "site_section_builders": {"expectations": "None", "profiling": "None"},  # their pages are not kept
            "store_backend": {"class_name": "TupleFilesystemStoreBackend", "base_directory": str(built)},
        },
    )
    context.build_data_docs(site_names=["checks"])
    pages = {_page_of(path, built): path for path in sorted((built / "validations").rglob("*.html"))}
    for name, path in pages.items():
        (fresh / f"{name}.html").write_text(without_remote_references(path.read_text("utf-8")), encoding="utf-8")
    shutil.rmtree(built)
    (fresh / "index.html").write_text(index(validated, set(pages)), encoding="utf-8")
    for path in fresh.iterdir():
        path.chmod(0o600)
    fresh.chmod(0o700)
    return _swap(fresh, home)


def without_remote_references(page: str) -> str:
    """A page of Great Expectations that loads nothing: its words and tables, in our style sheet."""
    for pattern in (COMMENTS, MODALS, ELEMENTS, LOADERS, HANDLERS, REMOTE_ATTRIBUTE):
        page = pattern.sub("", page)
    page = re.sub(r"https?://[^\s<>\"']*", "", page)
    page = re.sub(r'href="(?:\.\./)+index\.html"', 'href="index.html"', page)
    page = re.sub(r'<a href="(?:\.\./)+expectations/[^"]*"\s*>(.*?)</a>', r"\1", page)
    return page.replace("</head>", f"<style>{STYLE}</style></head>", 1)


def index(validated: "Validated", pages: set[str]) -> str:
    """The first page: every check of the run, the failed ones first."""
    results = sorted(validated.results, key=lambda found: (found.is_met, found.check.severity, found.relation))
    failed = sum(not found.is_met for found in results)
    lines = "\n".join(
        f"<tr><td class={'met' if found.is_met else found.check.severity}>"
        f"{'holds' if found.is_met else found.check.severity}</td>"
        f"<td>{_link(found.relation, pages)}</td><td>{escape(found.check.sentence)}</td>"
        f"<td>{escape(found.observed)}</td></tr>"
        for found in results
    )
    return (
        '<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>Checks of the last run</title>'
        f"<style>{STYLE}</style></head><body><h1>Checks of the last run</h1>"
        f"<p>{len(results)} checks were made by Great Expectations in run {escape(validated.run_id)}; "
        f"{len(results) - failed} hold, {failed} do not. A critical one that fails keeps the last good snapshot in "
        "place; a warning is worth a look. The offending rows stand below.</p>"
        "<table><thead><tr><th>result</th><th>relation</th><th>what must hold</th><th>offending rows</th></tr></thead>"
        f"<tbody>{lines}</tbody></table>{_rows(results)}</body></html>\n"
    )


def _rows(results: Sequence["Result"]) -> str:
    """The rows of the failed checks, by name: where nothing is published, nobody finds them in `rejected`."""
    return "".join(
        f"<h2>{escape(found.relation)}: {escape(found.check.sentence)}</h2>"
        f"<p>{escape(found.observed)}; the first {min(len(found.failing), MAX_SHOWN)}:</p>"
        "<table><thead><tr><th>person</th><th>where</th><th>what stood there</th></tr></thead><tbody>"
        + "".join(
            f"<tr>{_cell(row.subject)}{_cell(row.place)}{_cell(row.value)}</tr>" for row in found.failing[:MAX_SHOWN]
        )
        + "</tbody></table>"
        for found in results
        if found.failing
    )


def _cell(text: str | None) -> str:
    return f"<td>{escape(text or '')}</td>"


def _link(relation: str, pages: set[str]) -> str:
    name = escape(relation)
    return f'<a href="{name}.html">{name}</a>' if relation in pages else name


def _page_of(path: Path, built: Path) -> str:
    return path.relative_to(built / "validations").parts[0]


def _swap(fresh: Path, home: Home) -> Path:
    """Puts the new folder in the place of the old one."""
    old = home.private / "checks.old"
    shutil.rmtree(old, ignore_errors=True)
    if home.checks.exists():
        home.checks.replace(old)
    fresh.replace(home.checks)
    shutil.rmtree(old, ignore_errors=True)
    return home.checks / "index.html"
