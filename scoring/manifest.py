"""发布清单: the hash of every file of the program, written at the release, compared while a box is open (SECURITY S17).

It finds a file that somebody altered, added or removed on the server. It does not find code altered in the memory of
a running process, and who controls the server can alter this file, too: keep a copy of the list elsewhere, and
compare with ``manage.py manifest --against``.
"""

import hashlib
from collections.abc import Mapping
from pathlib import Path

FOLDERS = ("config", "organizations", "scoring", "reviews", "templates", "static", "deploy")
SUFFIXES = {".py", ".html", ".js", ".css", ".txt", ".conf", ".service"}
ALONE = ("manage.py", "requirements.txt")
NAME = "release.sha256"


def files_of(root: Path) -> dict[str, str]:
    """Path below ``root`` -> SHA-256, of every file of the program."""
    found = [root / name for name in ALONE]
    for folder in FOLDERS:
        found += [path for path in (root / folder).rglob("*") if path.suffix in SUFFIXES]
    files = sorted(path for path in found if path.is_file() and "__pycache__" not in path.parts)
    return {path.relative_to(root).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def written(files: Mapping[str, str]) -> str:
    """The list as a file that ``sha256sum --check`` reads."""
    return "".join(f"{digest}  {name}\n" for name, digest in sorted(files.items()))


def read(text: str) -> dict[str, str]:
    """The list out of its file. Raises ValueError for what is no such list."""
    lines = [line.split("  ", 1) for line in text.splitlines() if line]
    if not all(len(line) == 2 and len(line[0]) == 64 for line in lines):
        raise ValueError("not a list of SHA-256 sums")
    return {name: digest for digest, name in lines}


def differences(root: Path, listed: Mapping[str, str]) -> list[str]:
    """What is not as listed, in words, in the order of the paths; empty if every file is."""
    here = files_of(root)
    return [
        f"{'改动' if name in here and name in listed else '多出' if name in here else '缺少'} {name}"
        for name in sorted(here.keys() | listed.keys())
        if here.get(name) != listed.get(name)
    ]
