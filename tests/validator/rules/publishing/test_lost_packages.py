"""Workflows that install the packages of an app, and lose them before they publish it."""

import pytest

from tests.support.validator import Plant, find_problems

NEEDS = "azure-functions\nrequests\n"
PATH = ".github/workflows/deploy.yml"
INSTALL = "pip install -r requirements.txt --target=.python_packages/lib/site-packages"
PUBLISH = "{uses: Azure/functions-action@v1, with: {package: app}}"
ONE_JOB = """\
on: push
jobs:
  deploy:
    steps:
      - run: %s
      - run: %s
      - %s
"""
TWO_JOBS = """\
on: push
env:
  FOLDER: .
jobs:
  build:
    steps:
      - run: %s
      - uses: actions/upload-artifact@%s
        with: %s
  deploy:
    steps:
      - uses: actions/download-artifact@v4
        with: {name: app}
      - %s
"""


def two_jobs(
    given: str, version: str = "v4", publish: str = PUBLISH, install: str = INSTALL
) -> str:
    """Return a workflow that uploads the app in one job, and publishes it in another."""
    return TWO_JOBS % (install, version, given, publish)


@pytest.mark.parametrize(
    ("text", "line", "fix"),
    [
        (two_jobs("{name: app, path: .}"), 8, "Add include-hidden-files: true to its inputs."),
        (two_jobs('{name: app, path: ".\\n!old.zip"}'), 8, "Add include-hidden-files"),
        (two_jobs("{name: app, path: app/}", "v5.1.0"), 8, "Add include-hidden-files"),
        (two_jobs("{name: app, path: '${{ env.FOLDER }}'}"), 8, "Add include-hidden-files"),
        (
            two_jobs('{name: app, path: ".\\n!venv/", include-hidden-files: false}', "v4.4.0"),
            8,
            "Add include-hidden-files",
        ),
        (ONE_JOB % (INSTALL, "zip -r app.zip ./*", PUBLISH), 6, "Write zip -r app.zip ., since"),
        (ONE_JOB % (INSTALL, "zip app.zip * -r -x 'a/*'", PUBLISH), 6, "Write zip -r app.zip ., "),
        (
            ONE_JOB % (INSTALL, "|\n          cd x\n          zip -qr a.zip app/*", PUBLISH),
            8,
            "Write zip -r a.zip app, since",
        ),
        (
            two_jobs("{name: app, path: app.zip}", install=f"{INSTALL} && zip -r app.zip ./*"),
            7,
            "Write zip -r app.zip .",
        ),
        (
            ONE_JOB % (INSTALL.replace("lib/", "lib/python3.11/"), "zip -r a .", PUBLISH),
            5,
            "Install them into .python_packages/lib/site-packages.",
        ),
        (
            ONE_JOB
            % ("pip install -t .python_packages -r requirements.txt", "zip -r a .", PUBLISH),
            5,
            "Install them into .python_packages/lib/site-packages.",
        ),
        (
            ONE_JOB
            % (
                "mkdir -p python_packages/lib",
                INSTALL.replace(".python_packages", "python_packages"),
                PUBLISH,
            ),
            6,
            "Install them into .python_packages/lib/site-packages.",
        ),
        *(
            (
                ONE_JOB
                % (INSTALL.replace(".python_packages/lib/site-packages", wrong), "ls", PUBLISH),
                5,
                "Install them into .python_packages/lib/site-packages.",
            )
            for wrong in (
                "python_packages/lib/site-packages",
                "./.python_packages/lib/site_packages",
                ".python_packages/lib",
                ".python-packages/lib/site-packages",
            )
        ),
    ],
)
def test_packages_are_lost(text: str, line: int, fix: str, plant: Plant) -> None:
    [found] = find_problems(plant({"requirements.txt": NEEDS, PATH: text}), "AF7")
    assert (found.code, found.path, found.line) == ("AF707", PATH, line)
    assert found.fix.startswith(fix)


@pytest.mark.parametrize(
    "text",
    [
        two_jobs("{name: app, path: ., include-hidden-files: true}"),
        two_jobs("{name: app, path: ., include-hidden-files: '${{ inputs.all }}'}"),
        two_jobs("{name: app, path: .}", "v4.3.6"),
        two_jobs("{name: app, path: .}", "v3"),
        two_jobs("{name: app, path: .}", "0b7f8abb1508181956e8e162db84b466c27e18ce"),
        two_jobs("{name: app, path: app.zip}"),
        two_jobs("{name: app, path: app.tar.gz}"),
        two_jobs("{name: app, path: '${{ env.OTHER }}'}"),
        two_jobs("{name: tests, path: .}"),
        two_jobs("{name: app, path: .}", publish="run: echo"),
        two_jobs(
            "{name: app, path: .}",
            publish=PUBLISH.replace("package", "remote-build: true, package"),
        ),
        two_jobs("{name: app, path: .}", publish=f"run: {INSTALL}\n      - {PUBLISH}"),
        two_jobs("{name: app, path: .}", publish=f"run: ./install.sh\n      - {PUBLISH}"),
        ONE_JOB % (INSTALL, "zip -r app.zip .", PUBLISH),
        ONE_JOB
        % (
            INSTALL.replace("lib/", "lib/python3.11/"),
            "ls",
            PUBLISH.replace("package:", "remote-build: true, package:"),
        ),
        ONE_JOB % (INSTALL.replace(".python_packages", "my_python_packages"), "ls", PUBLISH),
        ONE_JOB
        % (
            INSTALL.replace(".python_packages", "python_packages"),
            "mv python_packages .python_packages",
            PUBLISH,
        ),
        ONE_JOB % (INSTALL, "zip -r app.zip ./* .python_packages", PUBLISH),
        ONE_JOB % (INSTALL, "zip -r app.zip *.py *.json", PUBLISH),
        ONE_JOB % (INSTALL, "shopt -s dotglob; zip -r app.zip ./*", PUBLISH),
        ONE_JOB % (INSTALL, "zip -r tests.zip 'tests", PUBLISH),
        ONE_JOB % (INSTALL, "zip", PUBLISH),
        ONE_JOB
        % (INSTALL.replace("lib/", "lib/python3.11/"), "mv .python_packages/lib/* x", PUBLISH)
        + "      - run: mv x/site-packages .python_packages/lib\n",
        ONE_JOB % (INSTALL.replace("lib/", "lib/python3.11/"), INSTALL, PUBLISH),
        ONE_JOB % (INSTALL, "zip -r app.zip", PUBLISH),
        two_jobs("{name: app, path: .}", install="pip install x")
        + f"  other:\n    steps: [run: {INSTALL}]\n",
        ONE_JOB
        % (
            INSTALL.replace("lib/", "lib/python3.11/"),
            "cp -r .python_packages/lib/python3.11/* .python_packages/lib",
            PUBLISH,
        ),
    ],
)
def test_packages_may_be_published(text: str, plant: Plant) -> None:
    assert find_problems(plant({"requirements.txt": NEEDS, PATH: text}), "AF7") == []


def test_the_app_looks_in_another_folder(plant: Plant) -> None:
    install = INSTALL.replace(".python_packages", "python_packages")
    files = {"requirements.txt": NEEDS, PATH: ONE_JOB % (install, "ls", PUBLISH)}
    assert len(find_problems(plant(files), "AF707")) == 1
    code = "import sys\n\nsys.path.append('python_packages/lib/site-packages')\n"
    for more in ({"function_app.py": code}, {"set.sh": "az x --settings PYTHONPATH=/home/x\n"}):
        assert find_problems(plant({**files, **more}), "AF707") == []


def test_azure_may_install_them(plant: Plant) -> None:
    bicep = "var x = {\n  SCM_DO_BUILD_DURING_DEPLOYMENT: 'true'\n}\n"
    text = two_jobs("{name: app, path: .}")
    app = plant({"requirements.txt": NEEDS, PATH: text, "infra/main.bicep": bicep})
    assert find_problems(app, "AF7") == []


@pytest.mark.parametrize(
    ("runner", "requirement", "installed"),
    [
        ("windows-latest", "azure-identity", ["cffi"]),
        ("macos-14", "pandas", ["pandas"]),
        ("windows-latest", "requests", []),
        ("ubuntu-latest", "pandas", []),
        ("${{ matrix.os }}", "pandas", []),
        ("windows-latest\n    container: ubuntu\n    vmImage: ubuntu-latest", "pandas", []),
    ],
)
def test_packages_for_another_system(
    runner: str, requirement: str, installed: list[str], plant: Plant
) -> None:
    text = (ONE_JOB % (INSTALL, "ls", PUBLISH)).replace("steps:", f"runs-on: {runner}\n    steps:")
    files = {"requirements.txt": f"azure-functions\n{requirement}\n", PATH: text}
    found = find_problems(plant(files), "AF707")
    assert [one.message.split()[2] for one in found] == installed
    assert {one.fix for one in found} <= {"Run the job on ubuntu-latest."}
    for option in ("--platform manylinux2014_x86_64", "--python-platform linux"):
        other = text.replace("--target", f"{option} --target")
        assert find_problems(plant({**files, PATH: other}), "AF707") == []
    assert find_problems(plant({**files, PATH: text.replace("pip", "wsl pip")}), "AF707") == []


RUNS_PACKAGE = 'WEBSITE_RUN_FROM_PACKAGE = "1"'
ZIPPED = """
resource "azurerm_linux_function_app" "app" {
  zip_deploy_file = data.archive_file.app.output_path
  app_settings = {
    %s
  }
}
data "archive_file" "app" {
  source_dir = "${path.module}/.."
}
"""


@pytest.mark.parametrize(
    ("text", "script", "line"),
    [
        (ZIPPED % RUNS_PACKAGE, "", 2),
        (ZIPPED % "SCM_DO_BUILD_DURING_DEPLOYMENT = true", "", 0),
        (ZIPPED.replace("linux", "windows") % RUNS_PACKAGE, "", 0),
        (ZIPPED % "A = 1", "", 0),
        (ZIPPED % RUNS_PACKAGE, f"{INSTALL}\n", 0),
        (ZIPPED % RUNS_PACKAGE, "func pack --build-native-deps\n", 0),
        (ZIPPED.replace("data.archive_file.app.output_path", "var.zip") % RUNS_PACKAGE, "", 0),
        (ZIPPED.replace("/..", "/../build") % RUNS_PACKAGE, "", 0),
        (ZIPPED.replace('"${path.module}/.."', "var.folder") % RUNS_PACKAGE, "", 0),
        (ZIPPED % RUNS_PACKAGE * 2, "", 0),
        (ZIPPED.replace("zip_deploy", "other") % RUNS_PACKAGE, "", 0),
    ],
)
def test_a_file_that_terraform_publishes(text: str, script: str, line: int, plant: Plant) -> None:
    files = {"requirements.txt": NEEDS, "infra/main.tf": text, "build.sh": script}
    assert [one.line for one in find_problems(plant(files), "AF707")] == [line] * bool(line)
