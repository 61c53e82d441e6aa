"""Packages that an image or a script installs, and not the requirements."""

import pytest

from tests.support.validator import Files, Plant, find_problems
from tests.validator.rules.import_files import importing

FROM = "FROM mcr.microsoft.com/azure-functions/python:4-python3.12\nCOPY . /home/site/wwwroot\n"
REQUIRED = "RUN pip install -r requirements.txt\n"
FILL = "--target .python_packages/lib/site-packages"


def image(command: str, path: str = "Dockerfile") -> Files:
    """Return a Dockerfile of an image that installs the requirements and something else."""
    return {path: f"{FROM}{REQUIRED}RUN {command}\n", ".dockerignore": "local.settings.json\n"}


@pytest.mark.parametrize(
    "files",
    [
        image("pip install torch --index-url https://download.pytorch.org/whl/cpu"),
        image("pip3 install --no-cache-dir \\\n    -c constraints.txt \\\n    'torch>=2.1' numpy"),
        image("python -m pip install --upgrade pip && pip install torch==2.1.0"),
        image("uv pip install --system torch"),
        image("pip install torch[opt-einsum]"),
        image("pip install pytorch-lightning"),
        image("pip install -r more.txt"),
        image("pip install -rmore.txt"),
        image("pip install -Ur more.txt"),
        image("pip install -r shared/requirements.txt"),
        image("cat more.txt | xargs pip install"),
        image("pip install ./shared"),
        image("pip install -e ./shared"),
        image("pip install -e."),
        image("pip install --editable=./shared"),
        image("pip install https://a.b/torch.whl"),
        image("pip install $PACKAGES"),
        image("uv sync --frozen"),
        image("poetry install --only main"),
        image("conda install pytorch"),
        image("micromamba install pytorch"),
        image("pip3.12 install torch"),
        image('"/venv/bin/pip" install torch'),
        image('["python", "-m", "pip", "install", "torch"]'),
        image("pip install torch", "docker/api.Dockerfile"),
        {"Dockerfile": "FROM contoso/base\nRUN pip install torch\n"},
        {
            "docker/Dockerfile": "FROM contoso/base\nENV AzureWebJobsScriptRoot=/a\nRUN pip install torch\n"
        },
        {"deploy.sh": f"pip install torch {FILL}\n"},
        {"Makefile": f"deploy:\n\tpip install -r requirements.txt torch {FILL}\n"},
        {
            ".github/workflows/a.yml": f"on: push\njobs:\n  a:\n    steps:\n      - run: pip install torch {FILL}\n"
        },
        {"deploy.ps1": f"pip install -r all.txt {FILL}\n"},
        {"deploy.ps1": f"pip install torch `\n  {FILL}\n"},
        {"deploy.cmd": f"pip install torch ^\r\n  {FILL}\r\n"},
        {"deploy.cmd": f"rem \xe9\npip install torch {FILL}\n".encode("latin-1")},
        {"deploy.yml": f"- run: >-\n    pip install torch\n    {FILL}\n"},
        {"deploy.sh": 'TO=.python_packages/lib/site-packages\npip install torch --target "$TO"\n'},
        {"build.py": f"import os\nos.system('pip install torch {FILL}')\n"},
        {
            "build.py": "run([\n    'pip',\n    'install',\n    'torch',\n    '-t',\n    '.python_packages',\n])\n"
        },
    ],
)
def test_what_an_image_or_a_script_installs(files: Files, plant: Plant) -> None:
    app = plant({**importing("import torch", ""), **files})
    assert find_problems(app, "AF411") == []


@pytest.mark.parametrize(
    "files",
    [
        image("pip install --upgrade pip setuptools wheel"),
        image("pip install requests"),
        image("pip install -r /home/site/wwwroot/requirements.txt"),
        image("uv pip install --system -r requirements.txt"),
        image('pip install -r "requirements.txt" 2>&1'),
        image("pip install -Ur requirements.txt > /dev/null"),
        image("(pip install -r requirements.txt)  # all of them"),
        image("pip install --progress-bar off -r requirements.txt"),
        image("--mount=type=cache,target=/var/cache/pip apt-get install -y torch"),
        image("apt-get install -y python3-pip torch"),
        # Not slow, either.
        image("echo " + "pip " * 100_000),
        {"backend/Dockerfile": "FROM python:3.12\nRUN pip install torch\n"},
        {"test.sh": "pip install torch\n"},
        {"deploy.sh": f"pip install -r requirements.txt {FILL}\npip install pytest torch\n"},
        {"deploy.ps1": f"pip install -r .\\requirements.txt {FILL}\n"},
        {"Makefile": f"all:\n\tpip install -r requirements.txt {FILL}\n\t-rm -rf a\n"},
        {"a.json": f'{{\n"a": "pip install {FILL} -r requirements.txt",\n"b": "x"\n}}'},
        {"deploy.sh": f"pip install --platform manylinux2014_x86_64 -r requirements.txt {FILL}\n"},
        {"README.md": "Run pip install torch.\n"},
    ],
)
def test_what_only_a_requirement_can_provide(files: Files, plant: Plant) -> None:
    app = plant({**importing("import torch", ""), **files})
    assert [found.code for found in find_problems(app, "AF411")] == ["AF411"]


def test_a_tool_that_installs_the_requirements_of_pyproject(plant: Plant) -> None:
    project = '[project]\nname = "shop"\nversion = "1"\ndependencies = ["azure-functions"]\n'
    files = {"Dockerfile": f"{FROM}RUN uv sync --frozen\n", "pyproject.toml": project}
    app = plant({**importing("import torch", ""), **files, "requirements.txt": None})
    assert [found.code for found in find_problems(app, "AF411")] == ["AF411"]


def test_conda_installs_nothing_of_pyproject(plant: Plant) -> None:
    project = '[project]\nname = "shop"\nversion = "1"\ndependencies = ["azure-functions"]\n'
    files = {"Dockerfile": f"{FROM}RUN conda install pytorch\n", "pyproject.toml": project}
    app = plant({**importing("import torch", ""), **files, "requirements.txt": None})
    assert find_problems(app, "AF411") == []


def test_a_name_in_another_letter_case_is_not_one_to_install(plant: Plant) -> None:
    files = {"blueprints/hello.py": "import Shop\n", "shop.py": "", **image("pip install torch")}
    assert (
        "letter case"
        in find_problems(plant({**importing("import Shop", ""), **files}), "AF411")[0].fix
    )
