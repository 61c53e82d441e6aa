"""Steps, jobs and stages in YAML that never run."""

import pytest

from functions_validator.files.commented_file import Source
from functions_validator.files.yaml_file import is_off, parts, read_yaml

STEPS = ("uses: ./x", "run: make", "task: X@1", "script: make", "checkout: self", "template: x.yml")
JOBS = ("job: x", "deployment: x", "stage: x", "steps: []", "jobs: []")


def read(text: str) -> object:
    return read_yaml(Source("deploy.yml", text, text))


@pytest.mark.parametrize("key", ["if", "condition", "enabled"])
@pytest.mark.parametrize(
    ("value", "expected"),
    [
        *((value, True) for value in ("false", "False", "FALSE", "'false'")),
        *((value, True) for value in ("${{ false }}", "${{false}}", "${{ False }}")),
        *((value, False) for value in ("true", "${{ true }}", "${{ 'false' }}", "eq(1, 2)", "")),
    ],
)
def test_ways_to_write_that_a_step_is_off(key: str, value: str, expected: bool) -> None:
    assert is_off(read(f"run: make\n{key}: {value}\n")) is expected


@pytest.mark.parametrize("step", [*STEPS, *JOBS])
def test_steps_jobs_and_stages_may_be_off(step: str) -> None:
    assert is_off(read(f"{step}\nenabled: false\n"))
    assert not is_off(read(f"{step}\nenabled: true\n"))


@pytest.mark.parametrize("key", ["with", "inputs", "parameters", "variables", "env"])
def test_values_called_enabled_are_part_of_what_runs(key: str) -> None:
    content = read(f"- uses: ./x\n  {key}:\n    enabled: false\n    folder: orders\n")
    assert "orders" in [*parts(content)]


def test_parts_that_are_off_come_only_if_asked() -> None:
    content = read("- run: make\n- run: deploy\n  if: false\n")
    assert [part for part in parts(content) if isinstance(part, str)] == ["run", "make"]
    assert "deploy" in [*parts(content, also_off=True)]
