"""The levels at which the kinds are proven: after a run, the tests print which ones they saw."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from tests.support.catalogue import KINDS, PYTHONS

LEVELS = [*PYTHONS, "indexed", "invoked", "emulator"]


def reached(seen: Iterable[tuple[str, str, bool]]) -> Iterator[str]:
    """Yield the lines of a table of what the tests saw: (kind, level, whether it held) each."""
    cells: dict[tuple[str, str], list[bool]] = defaultdict(list)
    for id, level, held in seen:
        cells[id, level].append(held)
    yield f"{'kind':26}" + "".join(f"{level:>10}" for level in LEVELS)
    for kind in KINDS:
        texts = [_cell(cells.get((kind.id, level), [])) for level in LEVELS]
        yield f"{kind.id:26}" + "".join(f"{text:>10}" for text in texts)


def _cell(held: Sequence[bool]) -> str:
    if not held:
        return "not run"
    return f"{len(held)} passed" if all(held) else "FAILED"
