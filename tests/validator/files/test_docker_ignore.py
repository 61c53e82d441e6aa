""".dockerignore is read as Docker reads it: https://docs.docker.com/build/concepts/context/#dockerignore-files"""

import pytest

from functions_validator.files.docker_ignore import DockerIgnore

PATHS = ["host.json", "app/host.json", "app/sub/a.py", "app.py", "docs/a b.md", "a[b].txt"]


@pytest.mark.parametrize(
    ("text", "left_out"),
    [
        ("", []),
        ("host.json", ["host.json"]),
        ("/host.json", ["host.json"]),
        ("./host.json", ["host.json"]),
        ("  host.json  ", ["host.json"]),
        ("HOST.json", []),
        ("*/host.json", ["app/host.json"]),
        ("**/host.json", ["host.json", "app/host.json"]),
        ("*.py", ["app.py"]),
        ("**/*.py", ["app/sub/a.py", "app.py"]),
        ("app", ["app/host.json", "app/sub/a.py"]),
        ("app/", ["app/host.json", "app/sub/a.py"]),
        ("app/**", ["app/host.json", "app/sub/a.py"]),
        ("app/../docs", ["docs/a b.md"]),
        ("ap?.py", ["app.py"]),
        ("[ab]pp.py", ["app.py"]),
        (r"a\[b\].txt", ["a[b].txt"]),
        ("docs/a b.md", ["docs/a b.md"]),
        ("# app.py\n #app.py\n\n!\n[z-a]\n", []),
        ("*.json\n!host.json", []),
        ("!host.json\n*.json", ["host.json"]),
        ("app\n!app/sub", ["app/host.json"]),
        ("app\n!app/sub/*.py", ["app/host.json"]),
        ("*\n!app\n! host.json", ["app.py", "docs/a b.md", "a[b].txt"]),
        ("**\n!**/*.py", ["host.json", "app/host.json", "docs/a b.md", "a[b].txt"]),
    ],
)
def test_files_that_are_left_out(text: str, left_out: list[str]) -> None:
    ignored = DockerIgnore(".dockerignore", text)
    assert [path for path in PATHS if ignored.ignored_at(path)] == left_out


def test_the_line_that_leaves_a_file_out() -> None:
    ignored = DockerIgnore(".dockerignore", "# all\n*\n!docs\ndocs/a*\n!app.py\n")
    places = [ignored.ignored_at(path) for path in ("host.json", "docs/a b.md", "app.py")]
    assert [place and place.line for place in places] == [2, 4, None]
