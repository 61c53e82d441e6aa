"""Write what GitHub and pre-commit read only at the repository's root:

    python -m tools.root_files [--check]

The root gets a copy of each workflow in .github/workflows/ of this app, and
the app's entries in .github/dependabot.yml and .pre-commit-config.yaml.
Change these files here, not at the root. With --check, writes nothing and
exits with 1 if a file at the root differs, but for the versions of actions
and hooks, which Dependabot and `pre-commit autoupdate` raise.
"""

import re
import sys
from pathlib import Path

APP = Path(__file__).resolve().parents[1]
COMMAND = "python -m tools.root_files"
LISTS = {
    ".github/dependabot.yml": "updates",
    ".pre-commit-config.yaml": "repos",
}
NEW = {
    ".github/dependabot.yml": """\
version: 2
updates:
  - package-ecosystem: github-actions
    directory: /
    schedule:
      interval: weekly
    cooldown:
      default-days: 7
""",
    ".pre-commit-config.yaml": "repos:\n",
}
# An action or a hook with its version.
VERSION = re.compile(r"((?:uses|repo): ([^@\s]+)(?:@|\s+rev: ))(.+)")


def find_root() -> Path:
    """Return the folder of the repository; exit if the app is not below."""
    for folder in APP.parents:
        if (folder / ".git").exists():
            return folder
    return sys.exit(f"{APP} is not in a folder of a git repository.")


def keep_versions(text: str, now: str) -> str:
    """Return a text with the versions of actions and hooks that are in use."""
    versions = {found[2]: found[3] for found in VERSION.finditer(now)}

    def keep(found: "re.Match[str]") -> str:
        return found[1] + versions.get(found[2], found[3])

    return VERSION.sub(keep, text)


def workflows(root: Path, folder: str) -> dict[Path, str]:
    """Return the workflows that the root should have.

    Exits if another app or someone else has a workflow of that name.
    """
    wanted = {}
    own = re.compile(rf"(?m)(?:\./|directory: [\"]?){re.escape(folder)}(?:/\.github/|[\"]?$)")
    for path in sorted(APP.glob(".github/workflows/*.yml")):
        text = path.read_text(encoding="utf-8")
        name = re.search(r"(?m)^name: *[\"]?([\w-]+)", text)
        copy = root / ".github" / "workflows" / f"{name[1] if name else path.stem}.yml"
        if not own.search(text):
            change = f"copier update --defaults --data app_folder={folder}"
            sys.exit(f"{path.relative_to(APP)} is for another folder. Run `{change}`.")
        now = copy.read_text(encoding="utf-8") if copy.exists() else ""
        if now and not own.search(now):
            sys.exit(f"{copy} is not a workflow of {folder}. Rename that file.")
        wanted[copy] = keep_versions(text, now)
    return wanted


def entries(root: Path, folder: str) -> dict[Path, str]:
    """Return the lists that the root should have, with the app's entries."""
    wanted = {}
    for name, key in LISTS.items():
        if (APP / name).exists():
            own = (APP / name).read_text(encoding="utf-8").partition(f"\n{key}:\n")[2]
            path = root / name
            now = path.read_text(encoding="utf-8") if path.exists() else NEW[name]
            wanted[path] = with_entries(path, now, key, folder, own)
    return wanted


def with_entries(path: Path, text: str, key: str, folder: str, own: str) -> str:
    """Return a YAML file with the app's entries at the start of a list.

    If the list has some of the app already, they are replaced.
    """
    first, last = f"# {folder}: from `{COMMAND}`", f"# {folder}: end"
    block = re.compile(rf"(?ms)^ *{re.escape(first)}$.*?^ *{re.escape(last)}\n")
    start = re.search(rf"(?m)^{key}:[ \t]*(#.*)?\n", text)
    if not start:
        sys.exit(f"{path} has no list `{key}:`. Add that line, and try again.")
    item = re.search(r"(?m)^( *)- ", block.sub("", text)[start.end() :])
    indent = item[1] if item else "  "
    lines = [line for line in own.splitlines() if "# Your own " not in line]
    lines = [f"  {first}", *lines, f"  {last}"]
    now = block.search(text)
    new = "".join(f"{indent}{line[2:]}".rstrip() + "\n" for line in lines)
    if now:
        return text.replace(now[0], keep_versions(new, now[0]))
    return text[: start.end()] + new + text[start.end() :]


def main() -> None:
    root = find_root()
    folder = APP.relative_to(root).as_posix()
    wanted = {**workflows(root, folder), **entries(root, folder)}
    for path, text in wanted.items():
        if path.exists() and path.read_text(encoding="utf-8") == text:
            continue
        name = path.relative_to(root)
        if sys.argv[1:] == ["--check"]:
            sys.exit(f"{name} differs from the files in {folder}. Run `{COMMAND}` there.")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="\n")
        print(f"{name}: written")


if __name__ == "__main__":
    main()
