"""References to secrets in Key Vault."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ...files.commented_file import BICEP, TERRAFORM
from ...model import Problem, Severity
from ...pattern import Pattern
from ...project.project import Project
from ..rule import rule

PREFIX = "@microsoft.keyvault"
REFERENCE = Pattern(r"@Microsoft\.KeyVault\((.*)\)", re.IGNORECASE)
URI = Pattern(r"https://[^/\s]+/secrets/[^/\s]+(?:/[^/\s]*)?/?", re.IGNORECASE)
# Texts that stand for what a tool or a user fills in.
OPEN = Pattern(r"[<>{}$%]|\.\.\.|…")
# A text in the infrastructure that is a whole value, and not the beginning of one.
VALUE = Pattern(
    r"""[:=]\s*(['"])(@Microsoft\.KeyVault(?:(?!\1)[^\n])*)(?<![(=;/])\1(?=[ \t]*(?:[\r\n,}\]]|$))""",
    re.IGNORECASE,
    (PREFIX,),
)
# What Bicep and Terraform fill in.
FILLED_IN = Pattern(r"\$\{[^{}\n]*\}")
INFRASTRUCTURE = (*BICEP, *TERRAFORM, ".json")
FORMS = (
    "@Microsoft.KeyVault(SecretUri=https://VAULT.vault.azure.net/secrets/SECRET) or "
    "@Microsoft.KeyVault(VaultName=VAULT;SecretName=SECRET)"
)


@rule("AF319", Severity.ERROR, "A reference to Key Vault is malformed")
def references(project: Project) -> Iterator[Problem]:
    """Yield references to secrets that Azure does not take, so that the app gets them as they are."""
    for setting in project.settings.all:
        value = setting.value
        if isinstance(value, str) and value.lower().startswith(PREFIX) and (why := _fault(value)):
            message = f"{setting.name} is a reference to Key Vault, but {why}."
            yield Problem(setting.place, message, f"Write {FORMS}.")
    for source in project.deployment.sources:
        if not source.path.endswith(INFRASTRUCTURE):
            continue
        for match in VALUE.finditer(source.text):
            if source.path.endswith(".bicep") and match[0].startswith("="):
                continue  # A variable may have a part of the reference.
            if why := _fault_of_text(match[2]):
                message = f"This is a reference to Key Vault, but {why}."
                yield Problem(source.place(match.start(2)), message, f"Write {FORMS}.")


def _fault_of_text(text: str) -> str | None:
    """Return what a reference lacks, whatever is filled in."""
    plain = FILLED_IN.sub("", text)
    if plain == text:
        return _fault(text)
    _, bracket, inside = plain.partition("(")
    if not bracket or "=" not in inside or "secreturi" in inside.lower():
        return "its brackets are incomplete" if bracket and not inside.endswith(")") else None
    return _fault(FILLED_IN.sub("X", text))


def _fault(value: str) -> str | None:
    """Return what a reference lacks; the words continue a sentence."""
    whole = REFERENCE.fullmatch(value.rstrip())
    if whole is None:
        return "its brackets are incomplete"
    if OPEN.search(whole[1]):
        return None
    pairs = (part.partition("=") for part in whole[1].split(";"))
    given = {name.strip().lower(): text.strip() for name, _, text in pairs}
    if "secreturi" in given:
        is_uri = URI.fullmatch(given["secreturi"])
        return None if is_uri else "its SecretUri is not the address of a secret"
    missing = [name for name in ("VaultName", "SecretName") if not given.get(name.lower())]
    return f"it has no {' and no '.join(missing)}" if missing else None


RULES = (references,)
