"""Draws the rooms and their imports: `python docs/draw_rooms.py` writes docs/architecture/rooms.svg.

The picture is made of the import graph, so it is never ahead of the code; tests/house/test_rooms.py fails where it is
out of date. An arrow says "imports". Arrows that follow from others are left out; each box lists all it imports.
"""

import textwrap
from collections.abc import Iterator, Sequence
from html import escape
from pathlib import Path
from typing import NamedTuple

import rooms

PICTURE = Path(__file__).parent / "architecture" / "rooms.svg"
WIDTH, MARGIN, GAP, ROW_GAP = 980, 20, 24, 34
LINE = 14  # height of a line of small text
STYLE = """
    text { font: 11px system-ui, sans-serif; fill: #333; text-anchor: middle; }
    .name { font: 600 14px ui-monospace, monospace; fill: #111; }
    .imports { fill: #666; }
    rect { fill: #f4f7fb; stroke: #5b7fa6; }
    path { fill: none; stroke: #8497ab; stroke-width: 1.2; }
    .far { stroke-dasharray: 4 3; stroke: #b0703c; }
    marker path { fill: #8497ab; stroke: none; }
"""


class Box(NamedTuple):
    room: str
    x: float
    y: float
    width: float
    height: float
    lines: Sequence[tuple[str, str]]  # class and text

    @property
    def middle(self) -> float:
        return self.x + self.width / 2


def picture() -> str:
    """The whole SVG."""
    boxes = _boxes()
    height = max(box.y + box.height for box in boxes.values()) + MARGIN
    parts = [
        '<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-label="The rooms of recovery and their imports"',
        f' width="{WIDTH}" height="{height:g}" viewBox="0 0 {WIDTH} {height:g}">',
        f"<style>{STYLE}</style>",
        '<defs><marker id="tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="8" markerHeight="8" orient="auto">',
        '<path d="M0 0 L8 4 L0 8 z"/></marker></defs>',
        f'<rect width="{WIDTH}" height="{height:g}" style="fill: #fff; stroke: none"/>',
        *_arrows(boxes),
        *(line for box in boxes.values() for line in _drawn(box)),
        "</svg>",
    ]
    return "\n".join(parts) + "\n"


def _boxes() -> dict[str, Box]:
    """A row for each layer, from the top down; the boxes of a row are equally wide."""
    known = rooms.imports()
    order = [room for layer in rooms.layers() for room in layer]
    boxes: dict[str, Box] = {}
    y = float(MARGIN)
    for layer in rooms.layers():
        width = (WIDTH - 2 * MARGIN - 2 * GAP) / 3
        left = (WIDTH - len(layer) * width - (len(layer) - 1) * GAP) / 2
        texts = [_lines(room, [other for other in order if other in known[room]], int(width / 6.6)) for room in layer]
        height = max(map(len, texts)) * LINE + 16
        for index, (room, lines) in enumerate(zip(layer, texts, strict=True)):
            boxes[room] = Box(room, left + index * (width + GAP), y, width, height, lines)
        y += height + ROW_GAP
    return boxes


def _lines(room: str, imported: Sequence[str], characters: int) -> Sequence[tuple[str, str]]:
    listed = f"imports {', '.join(imported)}" if imported else "imports no other room"
    return [
        ("name", room),
        *(("", line) for line in textwrap.wrap(rooms.holds(room), characters)),
        *(("imports", line) for line in textwrap.wrap(listed, characters)),
    ]


def _arrows(boxes: dict[str, Box]) -> Iterator[str]:
    """Curves from the lower edge of a room to the upper edge of another; dashed where they pass behind other rows."""
    rank = {room: number for number, layer in enumerate(rooms.layers()) for room in layer}
    for room, others in rooms.without_detours(rooms.imports()).items():
        for other in sorted(others):
            begin, end = boxes[room], boxes[other]
            x1, y1, x2, y2 = begin.middle, begin.y + begin.height, end.middle, end.y - 1
            x1 += (x2 - x1) * 0.15
            bend = (y2 - y1) / 2
            far = ' class="far"' if rank[other] - rank[room] > 1 else ""
            curve = f"M{x1:.0f} {y1:.0f} C{x1:.0f} {y1 + bend:.0f} {x2:.0f} {y2 - bend:.0f} {x2:.0f} {y2:.0f}"
            yield f'<path{far} d="{curve}" marker-end="url(#tip)"/>'


def _drawn(box: Box) -> Iterator[str]:
    yield f'<rect x="{box.x:.0f}" y="{box.y:.0f}" width="{box.width:.0f}" height="{box.height:.0f}" rx="6"/>'
    for number, (kind, text) in enumerate(box.lines, 1):
        named = f' class="{kind}"' if kind else ""
        yield f'<text{named} x="{box.middle:.0f}" y="{box.y + 4 + number * LINE:.0f}">{escape(text)}</text>'


if __name__ == "__main__":
    PICTURE.parent.mkdir(exist_ok=True)
    PICTURE.write_text(picture(), encoding="utf-8")
