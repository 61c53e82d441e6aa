"""Leaves out the findings that an app accepts in comments or in its configuration.

A comment, a code or a pattern that accepts no finding is noted.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from .configuration import Configuration
from .files.ignore_file import IgnoreFile
from .model import Place
from .pattern import Pattern
from .project.project import Project
from .rules.rule import Finding, Rule

# Such as `# validate: ignore AF305` or `// noqa: AF305, AF306`.
COMMENT = Pattern(
    r"(?:#|//)\s*(?:validate:\s*ignore|noqa:)\s*((?:[A-Z]+\d+[\s,]*)+)", re.IGNORECASE
)
CODE = Pattern(r"\bAF\d+", re.IGNORECASE)
WITHOUT_CODE = Pattern(r"(?:#|//)\s*validate:\s*ignore\b(?!\s*[A-Z]+\d)", re.IGNORECASE)
NO_CODE = 'this comment accepts nothing. Write the code after it, as in "validate: ignore AF301".'
# Files in which a comment can be, by how their names end.
COMMENTED = (
    *(".bicep", ".cfg", ".ini", ".json", ".py", ".sh", ".tf", ".toml", ".txt", ".yaml", ".yml"),
    *("Dockerfile", ".dockerignore", ".funcignore", ".gitignore"),
)
# Rules that find some problems only when the app is imported.
INDEXING = "AF1"


class Comment(NamedTuple):
    """A comment that accepts findings of a code on its line, and on the next one if it is alone there."""

    code: str
    place: Place
    is_alone: bool

    def accepts(self, finding: Finding) -> bool:
        """Whether a finding is one that the comment is for."""
        place = finding.problem.place
        lines = (self.place.line, self.place.line + self.is_alone)
        return finding.code == self.code and place.path == self.place.path and place.line in lines


def silence(
    project: Project,
    findings: Sequence[Finding],
    rules: Sequence[Rule],
    configuration: Configuration,
) -> list[Finding]:
    """Return the findings that nothing accepts; note in the project each entry that accepts no finding."""
    checked = [rule.code for rule in rules]
    if not project.is_indexed:
        checked = [code for code in checked if not code.startswith(INDEXING)]
    kept = list(findings)
    for comment in _comments(project):
        left = [finding for finding in kept if not comment.accepts(finding)]
        if len(left) == len(kept) and comment.code in checked:
            where = f"{comment.place.path}:{comment.place.line}"
            project.note(
                f"{where}: nothing here is reported as {comment.code}. Delete the comment."
            )
        kept = left
    for code in configuration.ignore:
        left = [finding for finding in kept if not finding.code.startswith(code)]
        if len(left) == len(kept) and any(known.startswith(code) for known in checked):
            _note_unused(project, "ignore", code)
        kept = left
    for pattern in configuration.exclude:
        if len(_outside([pattern.removeprefix("!")], kept)) == len(kept):
            _note_unused(project, "exclude", pattern)
    return _outside(configuration.exclude, kept)


def _note_unused(project: Project, key: str, entry: str) -> None:
    project.note(f'pyproject.toml: {key} = ["{entry}"] matches no finding. Remove it.')


def _outside(patterns: Sequence[str], findings: Sequence[Finding]) -> list[Finding]:
    """Return the findings in files that the patterns do not exclude."""
    excluded = IgnoreFile.parse("pyproject.toml", "\n".join(patterns))
    return [f for f in findings if not excluded.ignored_at(f.problem.place.path)]


def _comments(project: Project) -> Iterator[Comment]:
    for path in project.files:
        text = (project.text(path) or "") if path.endswith(COMMENTED) else ""
        if "validate:" not in text and "noqa:" not in text:
            continue
        # For Python, a form feed does not end a line.
        for number, line in enumerate(text.split("\n"), start=1):
            if WITHOUT_CODE.search(line):
                project.note(f"{path}:{number}: {NO_CODE}")
            for match in COMMENT.finditer(line):
                is_alone = not line[: match.start()].strip()
                for code in CODE.findall(match[1]):
                    yield Comment(code.upper(), Place(path, number), is_alone)
