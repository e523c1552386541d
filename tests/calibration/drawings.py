"""Small SVG drawings without a library; they follow the reader's light or dark system."""

from collections.abc import Sequence
from html import escape

STYLE = """<style>
text { font: 12px system-ui, sans-serif; fill: #333; }
.axis { stroke: #bbb; } .target { stroke: #333; } .limit { stroke: #333; stroke-dasharray: 4 3; }
.c0 { fill: #1b7f79; } .c1 { fill: #7cc4bf; } .c2 { fill: #c9c9c9; } .c3 { fill: #c8553d; } .c4 { fill: #8a8a8a; }
.d0 { fill: #c8553d; fill-opacity: .65; } .d1 { fill: #1b7f79; fill-opacity: .65; }
@media (prefers-color-scheme: dark) {
  text { fill: #ddd; } .axis { stroke: #555; } .target, .limit { stroke: #ddd; } .c2 { fill: #666; }
}
</style>"""
WIDTH, LEFT, RIGHT = 760, 200, 20


def dots(rows: dict[str, list[tuple[float, str]]], title: str, *, target: float, limit: float) -> str:
    """A row of dots for each name, by colour of their kind, with a line at the target and a dashed one at the limit."""
    kinds = sorted({kind for told in rows.values() for _, kind in told})
    top = max([2 * limit, *(share for told in rows.values() for share, _ in told)])

    def across(share: float) -> float:
        return LEFT + (WIDTH - LEFT - RIGHT) * share / top

    height = 62 + 30 * len(rows) + 34
    parts = []
    for share in range(0, int(top) + 1, 10 if top > 25 else 5):
        parts.append(_line(across(share), 56, across(share), height - 34, "axis"))
        parts.append(_text(across(share), height - 18, f"{share}", anchor="middle"))
    parts.append(_line(across(target), 56, across(target), height - 34, "target"))
    parts.append(_line(across(limit), 56, across(limit), height - 34, "limit"))
    for place, (name, told) in enumerate(rows.items()):
        middle = 75 + 30 * place
        parts.append(_text(LEFT - 12, middle + 4, name, anchor="end"))
        for share, kind in told:
            shade, lift = kinds.index(kind), 5 if kinds.index(kind) else -5
            parts.append(f'<circle class="d{shade}" cx="{across(share):.1f}" cy="{middle + lift}" r="3.5"/>')
    for place, kind in enumerate(kinds):
        parts.append(f'<circle class="d{place}" cx="{LEFT + 200 * place}" cy="40" r="4"/>')
        parts.append(_text(LEFT + 10 + 200 * place, 44, kind))
    return _drawing(title, height, parts)


def stacked(bars: dict[str, list[float]], names: Sequence[str], title: str) -> str:
    """A bar of 100% for each name."""
    height = 62 + 20 * len(bars) + 10
    parts = []
    for place, name in enumerate(names):
        parts.append(f'<rect class="c{place}" x="{20 + 148 * place}" y="32" width="12" height="12"/>')
        parts.append(_text(37 + 148 * place, 43, name))
    for place, (name, shares) in enumerate(bars.items()):
        top, start = 58 + 20 * place, float(LEFT)
        parts.append(_text(LEFT - 12, top + 11, name, anchor="end"))
        for shade, share in enumerate(shares):
            width = (WIDTH - LEFT - RIGHT) * share / 100
            parts.append(f'<rect class="c{shade}" x="{start:.1f}" y="{top}" width="{width:.1f}" height="14"/>')
            start += width
    return _drawing(title, height, parts)


def _drawing(title: str, height: int, parts: list[str]) -> str:
    box = f'viewBox="0 0 {WIDTH} {height}" role="img" aria-label="{escape(title)}"'
    head = f'<svg xmlns="http://www.w3.org/2000/svg" {box}>'
    return "\n".join([head, STYLE, _text(20, 18, title), *parts, "</svg>", ""])


def _line(left: float, top: float, right: float, bottom: float, kind: str) -> str:
    return f'<line class="{kind}" x1="{left:.1f}" y1="{top}" x2="{right:.1f}" y2="{bottom}"/>'


def _text(left: float, base: float, words: str, anchor: str = "start") -> str:
    return f'<text x="{left:.1f}" y="{base}" text-anchor="{anchor}">{escape(words)}</text>'
