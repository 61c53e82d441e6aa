"""Write what GitHub and pre-commit read only at the repository's root:

    python -m tools.root_files [--check]

The root gets a copy of each workflow in .github/workflows/ of this app, and
the app's entries in .github/dependabot.yml and .pre-commit-config.yaml.
Change these files here, not at the root. With --check, writes nothing and
exits with 1 if a file at the root differs, but for the versions of actions
and hooks, which Dependabot and `pre-commit autoupdate` raise. Leaves out what
another entry of Dependabot at the root watches already. Also names
what the root still has of files that the app no longer has, and exits with 1:
delete it yourself. Without --check, this includes apps that no longer exist.
"""

import re
import subprocess
import sys
from fnmatch import fnmatch
from pathlib import Path

APP = Path(__file__).resolve().parents[1]
COMMAND = "python -m tools.root_files"
LISTS = {
    ".github/dependabot.yml": "updates",
    ".pre-commit-config.yaml": "repos",
}
# What a file starts with, by its list.
NEW = {
    "updates": """\
version: 2
updates:
  - package-ecosystem: github-actions
    directory: /
    schedule:
      interval: weekly
    cooldown:
      default-days: 7
""",
    "repos": "repos:\n",
}
# The folder of an app, where a workflow uses it.
PATH = r"(\w[\w.-]*(?:/\w[\w.-]*)*?)"
FOLDER = re.compile(rf'(?m)(?:\./|directory: "?){PATH}(?:/\.github/|"?$)')
# An action or a hook with its version.
VERSION = re.compile(r"((?:uses|repo): ([^@\s]+)(?:@|\s+rev: ))(.+)")


def find_root() -> Path:
    """Return the repository's folder; exit if the app is not below one."""
    for folder in APP.parents:
        if (folder / ".git").exists():
            return folder
    return sys.exit(f"{APP} is not in a folder of a git repository.")


def read(path: Path) -> str:
    """Return the text of a file, which is empty if there is none."""
    return path.read_text(encoding="utf-8") if path.exists() else ""


def has_crlf(path: Path) -> bool:
    """Return whether a file has the line endings of Windows."""
    return path.exists() and b"\r\n" in path.read_bytes()


def keep_versions(text: str, now: str) -> str:
    """Return a text with the versions of actions and hooks that are in use."""
    versions = {found[2]: found[3] for found in VERSION.finditer(now)}

    def keep(found: "re.Match[str]") -> str:
        return found[1] + versions.get(found[2], found[3])

    return VERSION.sub(keep, text)


def is_app(root: Path, folder: str) -> bool:
    """Return whether a folder has an app, which need not be checked out."""
    tool = f"{folder}/tools/root_files.py"
    if (root / tool).exists():
        return True
    done = subprocess.run(
        ["git", "ls-files", "--", tool],
        cwd=root,
        capture_output=True,
        check=False,
    )
    return done.stdout != b""


def former_app(root: Path, workflow: str) -> str:
    """Return the folder that a workflow was written for, if no app is there."""
    folders = FOLDER.findall(workflow) if COMMAND in workflow else []
    if any(is_app(root, folder) for folder in folders):
        return ""
    return folders[0] if folders else ""


def workflows(root: Path, folder: str) -> dict[Path, str]:
    """Return the workflows that the root should have.

    Exits if the root has another workflow of that name.
    """
    wanted = {}
    for path in sorted(APP.glob(".github/workflows/*.yml")):
        text = read(path)
        found = re.search(r'(?m)^name: *"?([\w-]+)', text)
        name = found[1] if found else path.stem
        copy = root / ".github" / "workflows" / f"{name}.yml"
        if folder not in FOLDER.findall(text):
            fix = f"copier update --defaults --data app_folder={folder}"
            sys.exit(f"{path} is for another folder. Run `{fix}`.")
        now = read(copy)
        is_own = folder in FOLDER.findall(now) or former_app(root, now)
        if now and not is_own:
            sys.exit(f"{copy} belongs to something else. Rename it.")
        wanted[copy] = keep_versions(text, now)
    return wanted


def entries(root: Path, folder: str) -> dict[Path, str]:
    """Return the lists that the root should have, with the app's entries."""
    wanted = {}
    for name, key in LISTS.items():
        if (APP / name).exists():
            own = read(APP / name).partition(f"\n{key}:\n")[2]
            path = root / name
            wanted[path] = with_entries(path, key, folder, own)
    return wanted


def with_entries(path: Path, key: str, folder: str, own: str) -> str:
    """Return a YAML file with the app's entries at the start of a list.

    If the list has some of the app already, they are replaced.
    """
    text = read(path) or NEW[key]
    first, last = f"# {folder}: from `{COMMAND}`", f"# {folder}: end"
    ends = re.escape(first), re.escape(last)
    block = re.compile(r"(?ms)^ *{}$.*?^ *{}\n".format(*ends))
    start = re.search(rf"(?m)^{key}:[ \t]*(#.*)?\n", text)
    if not start:
        sys.exit(f"{path} has no list `{key}:`. Add that line, and try again.")
    others = block.sub("", text)[start.end() :]
    item = re.search(r"(?m)^( *)- ", others)
    indent = item[1] if item else "  "
    if key == "updates":
        own = without_watched(own, items(others, indent))
    lines = [line for line in own.splitlines() if "# Your own " not in line]
    lines = [f"  {first}", *lines, f"  {last}"]
    now = block.search(text)
    new = "".join(f"{indent}{line[2:]}".rstrip() + "\n" for line in lines)
    if now:
        return text.replace(now[0], keep_versions(new, now[0]))
    return text[: start.end()] + new + text[start.end() :]


def items(text: str, indent: str) -> list[str]:
    """Return the entries of a list in YAML, with what is above the first."""
    return re.split(rf"(?m)^(?={indent}- )", text)


def watched(entry: str) -> list[tuple[str, str]]:
    """Return the ecosystem of an entry of Dependabot, with each folder."""
    ecosystem = re.search(r"package-ecosystem: *[\"']?([\w-]+)", entry)
    folders = re.search(r"directory:.*|directories:.*(\n *- .*)*", entry)
    if not ecosystem or not folders or "target-branch:" in entry:
        return []
    words = re.sub(r"(?m)(^| )#.*", "", folders[0]).partition(":")[2]
    names = re.findall(r"[^\s\"',\[\]]+", words)
    return [(ecosystem[1], f"/{n.strip('/')}") for n in names if n != "-"]


def without_watched(own: str, others: list[str]) -> str:
    """Return entries of Dependabot without those of folders in others.

    Dependabot rejects a file that names a folder twice for an ecosystem.
    """
    taken = [pair for entry in others for pair in watched(entry)]

    def is_taken(entry: str) -> bool:
        for name, folder in watched(entry):
            for other, pattern in taken:
                if name == other and fnmatch(folder, pattern):
                    return True
        return False

    return "".join(one for one in items(own, "  ") if not is_taken(one))


def leftovers(
    root: Path,
    folder: str,
    wanted: dict[Path, str],
) -> list[tuple[str, str]]:
    """Return what the root has from files that are gone, with their folder."""
    found = []
    for path in sorted(root.glob(".github/workflows/*.yml")):
        text = read(path)
        is_own = COMMAND in text and folder in FOLDER.findall(text)
        old = folder if is_own else former_app(root, text)
        if old and path not in wanted:
            name = path.relative_to(root).as_posix()
            line = f"{name} has an old workflow of {old}. Delete it."
            found.append((old, line))
    for name in LISTS:
        path = root / name
        for old in re.findall(rf"# (\S+): from `{COMMAND}`", read(path)):
            is_own = old == folder
            if path not in wanted if is_own else not is_app(root, old):
                line = f"{name} has entries of {old}. Delete them."
                found.append((old, line))
    return found


def main() -> None:
    if sys.argv[1:] not in ([], ["--check"]):
        sys.exit(__doc__)
    root = find_root()
    folder = APP.relative_to(root).as_posix()
    is_check = sys.argv[1:] == ["--check"]
    wanted = {**workflows(root, folder), **entries(root, folder)}
    for path, text in wanted.items():
        if read(path) == text:
            continue
        name = path.relative_to(root)
        if is_check:
            differs = f"{name} differs from the files in {folder}."
            sys.exit(f"{differs} Run `{COMMAND}` there.")
        path.parent.mkdir(parents=True, exist_ok=True)
        newline = "\r\n" if has_crlf(path) else "\n"
        path.write_text(text, encoding="utf-8", newline=newline)
        print(f"{name}: written")
    left = leftovers(root, folder, wanted)
    lines = [line for old, line in left if old == folder or not is_check]
    if lines:
        sys.exit("\n".join(lines))


if __name__ == "__main__":
    main()
