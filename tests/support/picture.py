"""Draws `make new` in a terminal, for the README: `make picture`."""

import io
import re
import tempfile
from pathlib import Path
from xml.etree import ElementTree

from rich.console import Console
from rich.text import Text

from hooks.catalogue import ROOT
from tests.support.fresh_clone import clone_into, make_new

PICTURE = ROOT / "docs" / "make-new.svg"
FUNCTIONS = "{hello: http, orders: queue, nightly: timer}"
ARGUMENTS = ("DEST=../orders-api", f"ARGS=--data functions='{FUNCTIONS}'")
COMMAND = f"make new DEST=../orders-api ARGS=\"--data functions='{FUNCTIONS}'\""
TITLE = "copier-azure-functions"


def draw(output: str) -> str:
    """Return an SVG of a terminal with the command and what it printed."""
    console = Console(record=True, width=118, file=io.StringIO())
    console.print(Text.assemble(("$ ", "bold green"), (COMMAND, "bold")))
    for line in output.splitlines():
        styled = Text(line)
        styled.highlight_regex(r"^  (generated|validated|tested) ", "green")
        styled.highlight_regex(r"^(Next:|orders-api)$", "bold")
        console.print(styled)
    return console.export_svg(title=TITLE, unique_id="make-new")


def read(picture: Path) -> list[str]:
    """Return the lines in a picture without their numbers, which differ from run to run."""
    lines: dict[float, str] = {}
    for text in ElementTree.parse(picture).iter("{http://www.w3.org/2000/svg}text"):
        if text.get("y"):
            height = float(text.attrib["y"])
            lines[height] = lines.get(height, "") + "".join(text.itertext())
    return [without_numbers(line.replace("\xa0", " ")) for line in lines.values() if line.strip()]


def without_numbers(line: str) -> str:
    """Return a line with # in place of each number."""
    return re.sub(r"\d+", "#", line).rstrip()


def main() -> None:
    """Run `make new` in a fresh clone and write its picture."""
    with tempfile.TemporaryDirectory() as folder:
        done = make_new(clone_into(Path(folder)), *ARGUMENTS)
    PICTURE.write_text(draw(done.stdout), encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
