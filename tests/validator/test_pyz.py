"""tools/validate.pyz is what `make pyz` makes of the package, and says the same."""

import json
import re
import shutil
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from subprocess import CalledProcessError, CompletedProcess

import pytest

from hooks import environments, pyz
from hooks.catalogue import ROOT
from tests.support.app_environments import WORKER_VERSION
from tests.support.cache import cached_folder
from tests.support.catalogue import PYTHONS, WEB_FRAMEWORKS, one_of_each
from tests.support.missing import old_python, skip_or_fail
from tests.support.rule_pages import PAGES
from tests.support.run import run
from tests.support.samples import CONFLICT
from tests.support.validator import Plant
from tests.support.validator import plant as plant_into

SECONDS = re.compile(r'"seconds": [0-9.]+')
# Rules that tell more of an app that is indexed, one for each way in which that can end.
INDEXED = {"AF101", "AF107", "AF114", "AF117"}


@pytest.fixture(scope="module")
def wheels() -> Path:
    def download(folder: Path) -> None:
        folder.mkdir()
        pyz.download_wheels(folder)

    return cached_folder("wheels", pyz.REQUIREMENTS.read_bytes(), download)


def test_the_file_is_made_from_the_package(wheels: Path) -> None:
    assert pyz.PYZ.read_bytes() == pyz.make_pyz(wheels), "Run `make pyz`."


def test_a_failed_download_is_one_sentence_and_changes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(folder: Path) -> None:
        raise CalledProcessError(1, "pip")

    (tmp_path / "validate.pyz").write_text("as before")
    monkeypatch.setattr(pyz, "download_wheels", fail)
    monkeypatch.setattr(pyz, "PYZ", tmp_path / "validate.pyz")
    with pytest.raises(SystemExit, match=r"The wheels cannot be downloaded\."):
        pyz.main()
    assert (tmp_path / "validate.pyz").read_text() == "as before"


def test_it_has_the_licenses_of_all_that_is_in_it() -> None:
    names = zipfile.ZipFile(pyz.PYZ).namelist()
    licensed = {name.split("-")[0].split("/")[0] for name in names if "LICENSE" in name}
    licensed = {"yaml" if name == "pyyaml" else name for name in licensed}
    packages = {name.split("/")[0] for name in names if name.endswith("/__init__.py")}
    assert (
        packages
        == licensed
        == {
            "functions_validator",
            "junitparser",
            "packaging",
            "pathspec",
            "tomli",
            "yaml",
        }
    )


def test_nothing_in_it_is_compressed_or_dated() -> None:
    members = zipfile.ZipFile(pyz.PYZ).infolist()
    assert {(member.compress_type, member.date_time) for member in members} == {(0, pyz.DATE)}


@pytest.mark.parametrize("version", ["2.7", "3.6", "3.8", "3.9"])
def test_an_older_python_is_refused_with_a_sentence(version: str, plant: Plant) -> None:
    done = run(old_python(version), pyz.PYZ, plant(), status=2)
    assert done.stdout == ""
    assert (
        done.stderr == f"validate.pyz needs Python 3.10 or above, and this is Python {version}.\n"
    )


@pytest.mark.parametrize("version", ["3.10", "3.13"])
def test_it_runs_on_a_python_that_has_nothing_installed(
    version: str, plant: Plant, tmp_path: Path
) -> None:
    python = environments.find_python(version)
    if python is None:
        skip_or_fail(f"Python {version} is not installed")
    app = plant({"notes.md": CONFLICT})
    cache = {"XDG_CACHE_HOME": str(tmp_path / "cache")}
    done = run(python, "-I", pyz.PYZ, app, "--no-index", environment=cache, status=1)
    assert done.stderr == ""
    assert f"{app}/notes.md:1:1: AF601 A conflict is not resolved." in done.stdout


class TestUnpacking:
    """It unpacks itself once into the user's cache."""

    @pytest.fixture
    def validate(self, plant: Plant, tmp_path: Path) -> Callable[..., CompletedProcess[str]]:
        app, cache = plant(), str(tmp_path / "cache")

        def validate(**changed: str) -> CompletedProcess[str]:
            own = {"XDG_CACHE_HOME": cache, "HOME": str(tmp_path), "LOCALAPPDATA": cache}
            command = (sys.executable, pyz.PYZ, app, "--no-index")
            done = run(*command, environment={**own, **changed})
            assert done.stderr == ""
            assert done.stdout.startswith("0 errors, 0 warnings in 2 functions")
            return done

        return validate

    @pytest.fixture
    def unpacked(self, tmp_path: Path) -> Callable[[], list[Path]]:
        return lambda: list(tmp_path.rglob("functions-validator/*"))

    def test_the_second_run_takes_what_the_first_has_unpacked(
        self, validate: Callable[..., object], unpacked: Callable[[], list[Path]]
    ) -> None:
        validate()
        [folder] = unpacked()
        compiled = sorted(folder.rglob("*.pyc"))
        assert any(path.name.startswith("project.") for path in compiled)
        times = [path.stat().st_mtime_ns for path in compiled]
        validate(PYTHONDONTWRITEBYTECODE="1")
        assert [path.stat().st_mtime_ns for path in sorted(folder.rglob("*.pyc"))] == times

    def test_what_somebody_deleted_is_made_again(
        self, validate: Callable[..., object], unpacked: Callable[[], list[Path]]
    ) -> None:
        validate()
        [folder] = unpacked()
        shutil.rmtree(folder / "functions_validator" / "rules")
        validate()
        assert unpacked() == [folder]
        assert (folder / "functions_validator" / "rules" / "__init__.py").is_file()

    def test_it_runs_without_a_cache_that_can_be_written(
        self, validate: Callable[..., object], unpacked: Callable[[], list[Path]], tmp_path: Path
    ) -> None:
        (tmp_path / "file").write_text("")
        unwritable = str(tmp_path / "file")
        temporary = tmp_path / "temporary"
        temporary.mkdir()
        validate(
            XDG_CACHE_HOME=unwritable,
            LOCALAPPDATA=unwritable,
            HOME=unwritable,
            TMPDIR=str(temporary),
            TEMP=str(temporary),
        )
        assert unpacked() == []
        assert list(temporary.iterdir()) == []

    @pytest.mark.parametrize("home", ["~", "relative"])
    def test_nothing_is_written_where_it_runs_if_there_is_no_home(
        self, home: str, plant: Plant, tmp_path: Path
    ) -> None:
        """As in a container whose user has no home: expanduser() returns `~` there."""
        (tmp_path / "here").mkdir()
        environment = {"XDG_CACHE_HOME": home, "LOCALAPPDATA": home, "HOME": home}
        command = (sys.executable, pyz.PYZ, plant(), "--no-index")
        done = run(*command, folder=tmp_path / "here", environment=environment)
        assert done.stdout.startswith("0 errors, 0 warnings in 2 functions")
        assert list((tmp_path / "here").iterdir()) == []


def test_the_app_cannot_put_modules_in_its_place(plant: Plant) -> None:
    app = plant({"packaging/__init__.py": "1 / 0\n", "launcher.py": "1 / 0\n"})
    done = run(sys.executable, pyz.PYZ, "--no-index", "--select", "AF1", folder=app)
    assert done.stderr == ""


@pytest.fixture(scope="module")
def commands(
    tmp_path_factory: pytest.TempPathFactory,
    render: Callable[..., Path],
    environment: Callable[[str], Path],
) -> list[list[str]]:
    """Return a command line for every app of the rules' pages and for rendered ones.

    Some are indexed.
    """
    commands = []
    for page in PAGES.values():
        for files in (page.example, page.instead):
            app = plant_into(tmp_path_factory.mktemp("app"), files)
            index = page.code in INDEXED and files is page.example
            options = ["--python", str(environment(WORKER_VERSION))] if index else ["--no-index"]
            commands.append([str(app), *options])
    apps = [render(one_of_each(version), python_version=version) for version in PYTHONS]
    apps += [render(one_of_each(), web_framework=framework) for framework in WEB_FRAMEWORKS]
    apps.append(render(one_of_each(streams=True)))
    return [*commands, *([str(app), "--no-index"] for app in apps)]


def results(folder: Path, commands: list[list[str]], *options: str) -> list[tuple[int, str]]:
    """Return the exit status and the output of each command, with the validator from a folder."""
    asked = json.dumps([[*command, "--format", "json"] for command in commands])
    program = Path(__file__).with_name("check_many.py")
    done = run(sys.executable, "-I", *options, program, folder, stdin=asked)
    # Only a checkout has the rules' pages, and their whole path.
    return [
        (status, SECONDS.sub("", text).replace(f"{ROOT}/docs/", "docs/"))
        for status, text in json.loads(done.stdout)
    ]


def test_it_says_the_same_as_the_package_of_every_app(
    commands: list[list[str]], plant: Plant, tmp_path: Path
) -> None:
    cache = {"XDG_CACHE_HOME": str(tmp_path), "HOME": str(tmp_path)}
    run(sys.executable, pyz.PYZ, plant(), environment=cache)
    [unpacked] = tmp_path.glob("**/functions_validator/cli.py")
    of_package = results(ROOT / "src", commands)
    assert {status for status, _ in of_package} == {0, 1}
    # -S hides the installed packages: it has all that it needs.
    of_file = results(unpacked.parents[1], commands, "-S")
    for command, package, file in zip(commands, of_package, of_file, strict=True):
        assert file == package, command
