"""`python -m validator.pages FOLDER` writes a page for each rule of the validator, and their index."""

import inspect
import sys
from collections.abc import Iterator
from pathlib import Path

from functions_validator import rules
from functions_validator.findings import RULES, Rule

TOP = """# What the validator finds

`python tools/validate.pyz` in an app, or `python hooks/validate.py PROJECT` for any app of the v2 programming
model. An error stops the app or loses data; a warning will bite. `--select` and `--ignore` take codes, or
what they start with; a comment `# validate: ignore AF207`, on the line or alone on the one above, accepts a finding.
"""


def pages() -> dict[str, str]:
    """Return the pages by their file names."""
    assert rules
    found = {f"{rule.code}.md": page(rule) for rule in RULES.values()}
    found["README.md"] = "\n".join(index())
    return found


def page(rule: Rule) -> str:
    """Return a rule's page, which is its function's docstring."""
    text = inspect.cleandoc(rule.check.__doc__ or "")
    return f"# {rule.code}: {rule.title}\n\n*{rule.severity.value.capitalize()}*\n\n{text}\n"


def index() -> Iterator[str]:
    """Yield the lines of the index: a table for each family."""
    yield TOP
    families: dict[str, list[Rule]] = {}
    for rule in sorted(RULES.values(), key=lambda rule: rule.code):
        families.setdefault(rule.check.__module__, []).append(rule)
    for family, members in sorted(families.items(), key=lambda item: item[1][0].code):
        heading = (sys.modules[family].__doc__ or "").strip().partition(": AF")[0].rstrip(".")
        yield f"## {heading}\n"
        yield "| Code | | What |\n|---|---|---|"
        for rule in members:
            yield f"| [{rule.code}]({rule.code}.md) | {rule.severity.value} | {rule.title} |"
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
