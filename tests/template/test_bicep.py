"""What the Bicep compiler, linter and formatter say of infra/."""

import re
import shutil
from pathlib import Path

import pytest

from tests.support.bicep_cli import Bicep, Infra
from tests.support.catalogue import ON_FLEX, SCHEDULER, every_on_flex
from tests.support.text_files import read, read_json

every_app = pytest.mark.parametrize(
    ("functions", "answers"),
    [
        (every_on_flex(), SCHEDULER),
        ({"mine": "durable"}, SCHEDULER),
        # The formatter breaks the lines of the longer ones.
        ({"h" * length: "http_webhook" for length in range(20, 57)}, {}),
        *(({"mine": id}, {}) for id in ON_FLEX),
    ],
    ids=["all", "scheduler", "secrets", *ON_FLEX],
)


@every_app
def test_compiler_and_linter_find_nothing(
    functions: dict[str, str], answers: dict[str, str], infra: Infra, bicep: Bicep
) -> None:
    folder = infra(functions, **answers)
    problems, template = bicep.compile(folder / "main.bicep")
    assert problems == []
    used = set(re.findall(r"(?m)^module \w+ '(\w+)\.bicep'", (folder / "main.bicep").read_text()))
    assert used == {module.stem for module in folder.glob("*.bicep")} - {"main"}
    parameters = read_json(folder / "main.parameters.json")
    assert set(parameters["parameters"]) == set(template["parameters"])


@pytest.mark.parametrize(
    "answers",
    [
        {"telemetry": "opentelemetry", "auth_level": "admin"},
        {"web_framework": "fastapi", "project_name": "Shop_2-EU"},
    ],
    ids=lambda answers: "+".join(answers),
)
def test_compiler_linter_and_formatter_find_nothing_with_other_answers(
    answers: dict[str, str], infra: Infra, bicep: Bicep
) -> None:
    folder = infra({"mine": "queue"}, **answers)
    assert folder.joinpath("main.bicep").read_text() != (
        infra({"mine": "queue"}).joinpath("main.bicep").read_text()
    )
    assert bicep.compile(folder / "main.bicep")[0] == []
    for module in folder.glob("*.bicep"):
        assert read(module) == bicep.format(module), module.name


@every_app
def test_the_formatter_changes_nothing(
    functions: dict[str, str], answers: dict[str, str], infra: Infra, bicep: Bicep
) -> None:
    modules = list(infra(functions, **answers).glob("*.bicep"))
    assert modules
    for module in modules:
        assert read(module) == bicep.format(module), module.name


def test_the_linter_reports_what_the_app_asks_it_to(
    infra: Infra, bicep: Bicep, tmp_path: Path
) -> None:
    """Without its bicepconfig.json, it would not."""
    folder = Path(shutil.copytree(infra({"mine": "http"}), tmp_path / "infra"))
    main = folder / "main.bicep"
    text = read(main)
    old = re.sub(r"(resourceGroups)@[\d-]+", r"\1@2021-04-01", text)
    main.write_text(
        f"{old}\n@secure()\nparam password string\n\noutput password string = password\n", "utf-8"
    )
    problems, _ = bicep.compile(main)
    levels = {tuple(problem.split(": ")[1].split()) for problem in problems}
    assert levels == {
        ("Warning", "use-recent-api-versions"),
        ("Error", "outputs-should-not-contain-secrets"),
    }
