"""Commands as the shells of each system take them."""

from pathlib import Path

import pytest

from hooks import shell


def test_a_path_is_quoted_as_a_shell_takes_it() -> None:
    quoted = [shell.quoted(Path(name)) for name in ("-x", "a b", "app")]
    assert quoted == ["./-x", "'a b'", "app"]


@pytest.mark.parametrize(
    ("text", "word"),
    [
        (r"..\app", r"..\app"),
        (r"..\R&D (1)", r'"..\R&D (1)"'),
        (r"..\it's", '"..\\it\'s"'),
        ("pytest>=8", '"pytest>=8"'),
        ("a^b%c!d", '"a^b%c!d"'),
        ("größe", "größe"),
        ('say "a & b"', '"say ""a & b"""'),
        ("", '""'),
        ("--data", "--data"),
    ],
)
def test_cmd_and_powershell_take_each_word_as_one(
    text: str, word: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shell, "IS_WINDOWS", True)
    assert shell.joined([text, "next"]) == f"{word} next"


@pytest.mark.parametrize(
    ("is_windows", "path", "command"),
    [
        (True, r"D:\my app", r'pushd "D:\my app"'),
        (True, r"..\app", r"cd ..\app"),
        (False, "/srv/a:b", "cd /srv/a:b"),
    ],
)
def test_a_folder_on_any_drive_can_be_changed_to(
    is_windows: bool, path: str, command: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shell, "IS_WINDOWS", is_windows)
    assert shell.change_folder(Path(path)) == command
