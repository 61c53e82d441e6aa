"""Draws a picture of each group of kinds: what starts a function of each kind, and what it reads and writes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from html import escape

from hooks.catalogue import Kind, parts_of_group
from tests.support.placeholders import spellings

NAME = "NAME"
CHARACTER, LINE = 7.3, 16
PADDING, GAP, ROW_GAP = 10, 46, 10
STYLE = """\
text { font: 12px ui-monospace, Menlo, Consolas, monospace; fill: #1f2328; }
.title { font-weight: bold; }
.page { fill: #ffffff; stroke: #d1d9e0; }
.thing { fill: #f6f8fa; stroke: #818b98; }
.function { fill: #ddf4ff; stroke: #0969da; }
path { stroke: #59636e; stroke-width: 1.5; fill: none; marker-end: url(#end); }
marker path { fill: #59636e; stroke: none; marker-end: none; }"""
ARROW = (
    '<marker id="end" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="8" markerHeight="8" orient="auto">'
    '<path d="M0 0 8 4 0 8z"/></marker>'
)


@dataclass(frozen=True)
class Row:
    """A kind in a picture, with the lines of its three boxes."""

    source: Sequence[str]
    function: Sequence[str]
    reads: Sequence[str]
    writes: Sequence[str]

    @property
    def data(self) -> Sequence[str]:
        """Return the lines of the box on the right."""
        return [*self.reads, *self.writes]

    @property
    def height(self) -> int:
        """Return how high its highest box is."""
        lines = max(len(lines) for lines in (self.source, self.function, self.data))
        return lines * LINE + 2 * PADDING


def row(kind: Kind) -> Row:
    """Return the row of a kind, with NAME in place of the name of its function."""

    def named(text: str) -> str:
        for spelling in spellings(kind.placeholder):
            text = text.replace(spelling, NAME)
        return text

    return Row(
        [named(kind.source)],
        [kind.title, kind.id],
        [f"reads {named(text)}" for text in kind.reads],
        [f"writes {named(text)}" for text in kind.writes],
    )


def file_name(group: str) -> str:
    """Return where the picture of a group is, from docs/."""
    return f"kinds/{parts_of_group(group)[0].lower().replace(' ', '-')}.svg"


def draw(group: str, kinds: Iterable[Kind]) -> str:
    """Return an SVG of a group."""
    rows = [row(kind) for kind in kinds]
    columns = [
        [row.source for row in rows],
        [row.function for row in rows],
        [row.data for row in rows],
    ]
    widths = [_width(column) for column in columns]
    lefts = [PADDING, 0, 0]
    for place in (1, 2):
        lefts[place] = lefts[place - 1] + widths[place - 1] + GAP
    width = lefts[2] + widths[2] + PADDING if widths[2] else lefts[1] + widths[1] + PADDING
    height = sum(row.height + ROW_GAP for row in rows) + ROW_GAP
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}">',
        f"<title>{escape(parts_of_group(group)[0])}</title>",
        f"<style>\n{STYLE}\n</style>",
        ARROW,
        f'<rect class="page" x="0.5" y="0.5" width="{width - 1}" height="{height - 1}" rx="6"/>',
    ]
    top = ROW_GAP
    for one in rows:
        parts += _row(one, top, lefts, widths)
        top += one.height + ROW_GAP
    return "\n".join([*parts, "</svg>"]) + "\n"


def _width(column: Iterable[Sequence[str]]) -> int:
    """Return how wide the boxes of a column are, or 0 if none has a text."""
    longest = max((len(line) for lines in column for line in lines), default=0)
    return round(longest * CHARACTER) + 2 * PADDING if longest else 0


def _row(row: Row, top: int, lefts: Sequence[int], widths: Sequence[int]) -> Iterator[str]:
    middle = top + row.height // 2
    for kind, lines, left, width in zip(
        ("thing", "function", "thing"),
        (row.source, row.function, row.data),
        lefts,
        widths,
        strict=True,
    ):
        if lines:
            yield from _box(kind, lines, left, middle, width)
    yield _arrow(lefts[0] + widths[0], lefts[1], middle)
    start, end = lefts[1] + widths[1], lefts[2]
    both = 5 if row.reads and row.writes else 0
    if row.reads:
        yield _arrow(end, start, middle - both)
    if row.writes:
        yield _arrow(start, end, middle + both)


def _box(kind: str, lines: Sequence[str], left: int, middle: int, width: int) -> Iterator[str]:
    height = len(lines) * LINE + PADDING
    top = middle - height // 2
    radius = height // 2 if kind == "function" else 3
    yield f'<rect class="{kind}" x="{left}" y="{top}" width="{width}" height="{height}" rx="{radius}"/>'
    for number, line in enumerate(lines):
        title = ' class="title"' if kind == "function" and number == 0 else ""
        y = top + PADDING // 2 + 12 + number * LINE
        yield f'<text{title} x="{left + PADDING}" y="{y}">{escape(line, quote=False)}</text>'


def _arrow(start: int, end: int, y: int) -> str:
    step = 3 if start < end else -3
    return f'<path d="M{start + step} {y} H{end - step}"/>'
