"""`python -m validator.pages FOLDER` writes a page for each family of rules, and their index."""

import inspect
import sys
from collections.abc import Iterator
from pathlib import Path

from functions_validator.registry import FAMILIES, PAGES, Family

TOP = """# What the validator finds

`python tools/validate.pyz` in an app, or `python hooks/validate.py PROJECT` for any app of the v2 programming
model. An error stops the app or loses data; a warning will bite. `--select` and `--ignore` take codes, or
what they start with; a comment `# validate: ignore AF207`, on the line or alone on the one above, accepts a finding.
"""


def pages() -> dict[str, str]:
    """Return the pages by their file names."""
    found = {f"{family.name}.md": page(family) for family in FAMILIES}
    found["README.md"] = "\n".join(index())
    return found


def page(family: Family) -> str:
    """Return a family's page, with an anchor for each rule."""
    parts = [f"# {family.title}\n"]
    for rule in family.rules:
        text = inspect.cleandoc(rule.check.__doc__ or "")
        parts.append(f"## {rule.code}\n\n**{rule.title}** ({rule.severity.value})\n\n{text}\n")
    return "\n".join(parts)


def index() -> Iterator[str]:
    """Yield the lines of the index: a table for each family."""
    yield TOP
    for family in FAMILIES:
        yield f"## [{family.title}]({family.name}.md)\n"
        yield "| Code | | What |\n|---|---|---|"
        for rule in family.rules:
            yield f"| [{rule.code}]({PAGES[rule.code]}) | {rule.severity.value} | {rule.title} |"
        yield ""


def main() -> None:
    """Write the pages, and delete those of rules that are gone."""
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    made = pages()
    for old in folder.glob("*.md"):
        if old.name not in made:
            old.unlink()
    for name, text in made.items():
        (folder / name).write_text(text.rstrip("\n") + "\n", encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
