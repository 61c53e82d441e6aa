"""Apps share a package of the repository: it is built into what Azure gets of them."""

import shutil
import sys
from pathlib import Path

import pytest

from functions_validator.files.ignore_file import IgnoreFile
from hooks import environments
from hooks.catalogue import read_yaml
from tests.support.run import run
from tests.support.stand_ins import run_in_place_of
from tests.support.text_files import read, replace
from tests.worker.client import run_project
from tests.worker.exchange import HttpRequest
from tests.worker.invocations import Expected, Invocation


def published(app: Path, folder: Path) -> Path:
    """Copy what Core Tools would publish of an app to a folder."""
    ignored = IgnoreFile.parse(".funcignore", read(app / ".funcignore"))
    for path in app.rglob("*"):
        name = path.relative_to(app).as_posix()
        if path.is_file() and not ignored.ignored_at(name):
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(path, folder / name)
    return folder


@pytest.fixture
def uv() -> str:
    """The command uv, with which the tool builds packages in a third of the time."""
    return str(environments.find_uv() or "uv")


@pytest.mark.parametrize("name", ["shop", "billing"])
def test_the_published_app_has_its_package(
    name: str, changed: Path, worker_python: Path, uv: str, tmp_path: Path
) -> None:
    app = changed / "apps" / name
    if name == "shop":
        environments.sync(app, worker_python, ["../../libs/pricing"])
    assert "\n-e ../../libs/pricing\n" in read(app / "requirements.txt")
    blueprint = app / "blueprints" / "hello.py"
    replace(
        blueprint,
        "import azure.functions as func\n",
        "import azure.functions as func\nimport pricing\n",
    )
    replace(blueprint, "Hello, {name}!", "{name} pays {pricing.price()}")
    validate = (worker_python, "-B", "tools/validate.pyz", "--no-index")
    assert "0 errors, 0 warnings" in run(*validate, folder=app).stdout
    # It stays as it is when run again.
    for _ in range(2):
        run(worker_python, "-m", "tools.libraries", folder=app, environment={"UV": uv})
    assert "0 errors, 0 warnings" in run(*validate, folder=app).stdout
    package = published(app, tmp_path / "package")
    assert [path.name for path in package.rglob("*.whl")] == ["acme_pricing-1.2.0-py3-none-any.whl"]
    assert not (package / "tools").exists()

    # As in Azure, where there is no repository.
    shutil.rmtree(changed)
    run(uv, "venv", "--quiet", "--python", worker_python, tmp_path / "environment")
    python = environments.interpreter(tmp_path / "environment")
    install = [uv, "pip", "install", "--quiet", "--python", str(python), "azure-functions-runtime"]
    run(*install, "--requirement", "requirements.txt", folder=package)
    report = run_project(
        python, package, [Invocation("", HttpRequest("GET", "/api/hello?name=Ada"), Expected())]
    )
    assert report.rejection is None
    [result] = report.results
    assert "Ada pays nine" in str(result)


@pytest.mark.parametrize(
    ("line", "wheel"),
    [
        ("-e ../../libs/pricing", "./WHEEL"),
        ("../../libs/pricing", "./WHEEL"),
        ("--editable=../../libs/pricing/", "./WHEEL"),
        (
            "-e ../../libs/pricing[fast]; python_version > '3'  # ours",
            "./WHEEL[fast]; python_version > '3'",
        ),
    ],
)
def test_the_requirements_name_a_wheel_until_they_are_restored(
    line: str, wheel: str, changed: Path, uv: str
) -> None:
    app = changed / "apps" / "billing"
    requirements = app / "requirements.txt"
    replace(requirements, "-e ../../libs/pricing", line)
    before = read(requirements)
    tool = (sys.executable, "-m", "tools.libraries")
    (app / "wheels").mkdir()
    (app / "wheels" / "acme_pricing-0.9.0-py3-none-any.whl").touch()
    run(*tool, folder=app, environment={"UV": uv})
    wheel = wheel.replace("WHEEL", "wheels/acme_pricing-1.2.0-py3-none-any.whl")
    assert f"\n{wheel}  # {line}\n" in read(requirements)
    assert len(list((app / "wheels").iterdir())) == 1
    run(*tool, "--undo", folder=app)
    assert read(requirements) == before
    assert not (app / "wheels").exists()


def test_a_package_that_cannot_be_built_changes_nothing(changed: Path, uv: str) -> None:
    app = changed / "apps" / "billing"
    tool = (sys.executable, "-m", "tools.libraries")
    run(*tool, folder=app, environment={"UV": uv})
    before = read(app / "requirements.txt")
    [wheel] = (app / "wheels").iterdir()
    (changed / "libs" / "pricing" / "pyproject.toml").write_text("[project", encoding="utf-8")
    done = run(*tool, folder=app, environment={"UV": uv}, status=1)
    assert done.stderr.startswith("../../libs/pricing cannot be built:\n")
    assert read(app / "requirements.txt") == before
    assert list((app / "wheels").iterdir()) == [wheel]


def test_azd_packages_the_wheels_and_restores_the_requirements(
    changed: Path, tmp_path: Path
) -> None:
    app = changed / "apps" / "billing"
    hooks = read_yaml(app / "azure.yaml")["services"]["app"]["hooks"]
    # Without uv, pip builds them.
    bin = tmp_path / "bin"
    bin.mkdir()
    run_in_place_of(bin / "python3", Path(sys.executable))
    environment = {"PATH": f"{bin}:/usr/bin:/bin"}
    before = read(app / "requirements.txt")
    for hook, has_wheels in (("prepackage", True), ("postpackage", False)):
        posix, windows = hooks[hook]["posix"]["run"], hooks[hook]["windows"]["run"]
        assert windows == f"{posix.replace('python3', 'python')}\nexit $LASTEXITCODE\n"
        run("sh", "-eu", "-c", posix, folder=app, environment=environment)
        assert (app / "wheels").exists() == has_wheels
        assert (read(app / "requirements.txt") == before) != has_wheels


def test_only_apps_with_packages_build_them(repository: Path) -> None:
    orders, billing = (repository / "apps" / name for name in ("orders", "billing"))
    for app, builds in ((orders, False), (billing, True)):
        assert (app / "tools" / "libraries.py").exists() == builds
        for name in ("azure.yaml", "Dockerfile", "README.md"):
            assert ("tools.libraries" in read(app / name)) == builds
        lines = read(app / "Dockerfile").splitlines()
        assert ("COPY wheels /wheels" in lines) == builds
