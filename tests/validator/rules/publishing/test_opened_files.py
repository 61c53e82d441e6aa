"""Files that the app opens."""

import pytest

from functions_validator.pattern import Pattern
from functions_validator.sources import opened_files
from tests.support.validator import HEALTHY, Files, Find, Plant, find_problems


def opening(line: str, top: str = "pass") -> Files:
    """Return an app with a line in a function, which is line 11, and one in a module, which is line 4."""
    source = HEALTHY["blueprints/hello.py"]
    source = source.replace(
        "import azure", f"import os\nfrom pathlib import Path\n\n{top}\nimport azure"
    )
    body = line.replace("\n", "\n    ")
    return {
        "blueprints/hello.py": source.replace("    return", f"    {body}\n    return"),
        "data/items.json": "{}",
        "blueprints/texts.txt": "x",
    }


@pytest.mark.parametrize(
    ("line", "path", "found"),
    [
        ("open('data/Items.json')", "data/Items.json", "data/items.json"),
        ("open('Data/items.json', 'rb')", "Data/items.json", "data/items.json"),
        ("Path('Data/items.json').open()", "Data/items.json", "data/items.json"),
        ("Path('Data/items.json').read_bytes()", "Data/items.json", "data/items.json"),
        ("open(os.path.join(os.curdir, 'Data/items.json'))", "Data/items.json", "data/items.json"),
        ("import io; io.open('Data/items.json')", "Data/items.json", "data/items.json"),
        ("Path('Data', 'items.json').open(mode='rb')", "Data/items.json", "data/items.json"),
        (
            "Path(__file__).with_name('TEXTS.txt').read_text()",
            "blueprints/TEXTS.txt",
            "blueprints/texts.txt",
        ),
        (
            "open(os.path.join(os.path.dirname(__file__), 'Texts.txt'))",
            "blueprints/Texts.txt",
            "blueprints/texts.txt",
        ),
    ],
)
def test_a_file_in_another_letter_case(
    line: str, path: str, found: str, plant: Plant, find: Find
) -> None:
    [one] = find(plant(opening(line)))
    assert (one.code, one.path, one.line) == ("AF717", "blueprints/hello.py", 12)
    assert one.message == f"The app opens {path}, but the file is {found}."
    assert one.fix == f"Write the path as {found}: letter case matters in Azure."


def test_it_is_reported_once_where_the_import_opens_it(plant: Plant, find: Find) -> None:
    app = plant(opening("pass", "TEXT = open('data/ITEMS.json').read()"))
    [one] = find(app, imports=False)
    assert (one.code, one.line) == ("AF717", 4)


@pytest.mark.parametrize(
    "line",
    [
        "open('data/items.json')",
        "open('data/others.json')",
        "open('data/Items.json', 'w')",
        "Path('data/Items.json').write_text('')\nopen('data/Items.json')",
        "open(f'data/{req.method}.json')",
        "open('/data/Items.json')",
        "if os.name == 'nt':\n    open('data/Items.json')",
        "try:\n    open('data/Items.json')\nexcept OSError:\n    pass",
        "path = Path('data/Items.json')\npath.exists() and path.read_text()",
        "path = Path('data/Items.json')\nif path.is_file():\n    path.read_text()",
        "if os.path.isfile('data/Items.json'):\n    open('data/Items.json')",
        "Path('data/Items.json').open('a')\nopen('data/Items.json')",
        "Path('data/items.json').rename('data/Items.json')\nopen('data/Items.json')",
        "from shutil import move\nmove('data/items.json', 'data/Items.json')\nopen('data/Items.json')",
        "shutil.copy('data/items.json', 'data/Items.json')\nopen('data/Items.json')",
        "with contextlib.suppress(OSError):\n    open('data/Items.json')",
        "os.chdir(os.environ['HOME'])\nopen('data/Items.json')",
    ],
)
def test_a_file_that_linux_finds_or_nothing_needs(line: str, plant: Plant) -> None:
    assert find_problems(plant(opening(line)), "AF717") == []


def test_a_file_that_is_there_in_both_cases(plant: Plant) -> None:
    files = {**opening("open('data/Items.json')"), "data/Items.json": "{}"}
    assert find_problems(plant(files), "AF717") == []


@pytest.mark.parametrize(
    ("line", "found"),
    [
        (r"open('data\\items.json')", "data/items.json"),
        (r"open(r'.\data\items.json')", "data/items.json"),
        (
            r"open(os.path.join(os.path.dirname(__file__), '..\\data\\items.json'))",
            "data/items.json",
        ),
        (r"(Path(__file__).parents[1] / 'data\\items.json').read_text()", "data/items.json"),
        (r"import pandas as pd; pd.read_json('data\\items.json')", "data/items.json"),
        (r"open('Data\\items.json')", "data/items.json"),
    ],
)
def test_a_path_with_backslashes(line: str, found: str, plant: Plant, find: Find) -> None:
    needs = "azure-functions\npandas\n"
    [one] = find(plant({**opening(line), "requirements.txt": needs}))
    assert (one.code, one.path, one.line) == ("AF717", "blueprints/hello.py", 12)
    assert one.message.startswith(f"The app opens {found} with backslashes")
    assert one.fix == f"Write the path with slashes, as {found}."


@pytest.mark.parametrize(
    ("line", "path"),
    [
        (r"open('C:\\data\\items.json')", r"C:\data\items.json"),
        ("open('D:/data/items.json')", "D:/data/items.json"),
        ("open('/Users/ada/items.json')", "/Users/ada/items.json"),
    ],
)
def test_a_path_of_one_machine(line: str, path: str, plant: Plant, find: Find) -> None:
    [one] = find(plant(opening(line)))
    assert (one.code, one.line) == ("AF717", 12)
    assert one.message == f"The app opens {path}, a path of one machine."


def test_the_folder_of_the_app_is_not_a_path_of_one_machine(
    plant: Plant, find: Find, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On Windows and macOS it looks like one, as each absolute path does here."""
    monkeypatch.setattr(opened_files, "OF_A_MACHINE", Pattern(r"/\w"))
    line = "(Path(__file__).parents[1] / 'data' / 'items.json').read_text()\n"
    line += "open(os.path.join(os.getcwd(), 'data/items.json'))\n"
    [one] = find(plant(opening(f"{line}open('/Users/' + 'ada/items.json')")))
    assert one.message == "The app opens /Users/ada/items.json, a path of one machine."


@pytest.mark.parametrize(
    "line",
    [
        r"open('data\\others.json')",
        r"open('data\\items.json', 'w')",
        r"if os.name == 'nt':" + "\n" + r"    open('data\\items.json')",
        "open('/home/site/items.json')",
        "open('C:/items.json') if os.path.exists('C:/items.json') else None",
        "print('C:/items.json')",
        "import pandas; pandas.read_csv('https://example.com/items.csv')",
    ],
)
def test_paths_that_may_be_right(line: str, plant: Plant) -> None:
    assert find_problems(plant(opening(line)), "AF717") == []
