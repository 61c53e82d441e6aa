"""What adopting an app would do."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from functions_validator.project.project import DEFAULT_ENTRY
from hooks.adoption.existing_app import ExistingApp
from hooks.adoption.files import LOCAL, Files
from hooks.adoption.proposals import Proposal


@dataclass(frozen=True)
class Plan:
    """The app, the answers, the files, the folder that has all files of the template, and its version."""

    app: ExistingApp
    proposals: Sequence[Proposal]
    given: Mapping[str, Any]
    files: Files
    preview: Path
    ref: str

    @property
    def answers(self) -> dict[str, Any]:
        """Return the answers that the app gets."""
        answers = answers_of(self.app, self.proposals, self.given)
        return {**answers, "kept_files": sorted({*answers["kept_files"], *self.files.kept})}


def answers_of(
    app: ExistingApp, proposals: Sequence[Proposal], given: Mapping[str, Any]
) -> dict[str, Any]:
    """Return the answers that are given, else those proposed, for an app without functions of the template."""
    proposed = {proposal.answer: _plain(proposal.value) for proposal in proposals}
    # From the entry point, the template knows how the app calls it.
    kept = sorted({DEFAULT_ENTRY, app.project.entry, LOCAL})
    return {**proposed, **given, "functions": {}, "kept_files": kept}


def _plain(value: Any) -> Any:
    """Return a value as YAML writes it: a text that the validator read also has its place in a file."""
    return str(value) if isinstance(value, str) else value
