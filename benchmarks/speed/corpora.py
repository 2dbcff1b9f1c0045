"""The code that is measured: published packages, this repository's fixtures, or a user's folder; always a copy that may be edited.

Packages come from the package index through pip, pinned and with their hashes checked (`packages/*.txt`). Each corpus is a git repository
of its own with a configuration of its own, so that nothing around it has a say in what is looked at.
"""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = Path(__file__).parent / "packages"
CODE = (".py", ".pyi", ".html", ".htm", ".j2", ".jinja", ".jinja2")
CONFIGURATION = ("pyproject.toml", "sessionlint.toml", ".sessionlint.toml", ".gitignore")
ELSEWHERE = (".*", "node_modules", "__pycache__", "venv")
OWN = ("fixtures", "100k", "300k", "1m")
"""The corpora that the benchmark gets by itself."""


@dataclass(frozen=True, slots=True)
class Corpus:
    """A tree to measure on. `is_dense`: an application most of whose files touch sessions."""

    name: str
    tree: Path
    is_dense: bool = False


def corpus(name: str, build: Path) -> Corpus:
    """One of `OWN`, made beneath `build` where it is missing or made from other packages."""
    tree = build / "trees" / name
    if name == "fixtures":
        return copied(name, ROOT / "fixtures", build)
    made_from = _digest(PACKAGES / f"{name}.txt")
    stamp = build / "trees" / f"{name}.stamp"
    if not (stamp.exists() and stamp.read_text() == made_from):
        stamp.unlink(missing_ok=True)
        shutil.rmtree(tree, ignore_errors=True)
        for wheel in _wheels(PACKAGES / f"{name}.txt", build / "wheels" / name):
            _unpack(wheel, tree)
        _enclose(tree)
        stamp.write_text(made_from)
    return Corpus(name, tree, is_dense=name == "100k")


def copied(name: str, source: Path, build: Path) -> Corpus:
    """A copy of what a folder has of code and configuration, made anew each time."""
    tree = build / "trees" / name
    shutil.rmtree(tree, ignore_errors=True)
    for path in source.rglob("*"):
        inner = path.relative_to(source)
        is_wanted = path.suffix in CODE or path.name in CONFIGURATION
        if is_wanted and path.is_file() and not any(Path(part).match(pattern) for part in inner.parts[:-1] for pattern in ELSEWHERE):
            (tree / inner).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, tree / inner)
    if not tree.is_dir():
        raise SystemExit(f"{source}: holds no Python file")
    _enclose(tree)
    return Corpus(name, tree, is_dense=name != "fixtures")


def part_of(whole: Corpus, lines: int, build: Path) -> Corpus:
    """About so many lines of a corpus: of each of its packages the same share, its files in the order of their paths."""
    sizes = {path: path.read_bytes().count(b"\n") for path in sorted(whole.tree.rglob("*.py"))}
    share = lines / max(1, sum(sizes.values()))
    name = f"{whole.name}-{lines // 1000}k" if share < 1 else f"{whole.name}-whole"
    tree = build / "trees" / name
    shutil.rmtree(tree, ignore_errors=True)
    for path in _share(whole.tree, sizes, share):
        target = tree / path.relative_to(whole.tree)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, target)
    _enclose(tree)
    return Corpus(name, tree)


def lines_of(corpus: Corpus) -> int:
    """How many lines of Python there are."""
    return sum(path.read_bytes().count(b"\n") for path in corpus.tree.rglob("*.py"))


def _share(root: Path, sizes: dict[Path, int], share: float) -> Iterator[Path]:
    for _, group in groupby(sizes, key=lambda path: path.relative_to(root).parts[0]):
        package = list(group)
        left = share * sum(sizes[path] for path in package)
        for path in package:
            if left <= 0:
                break
            yield path
            left -= sizes[path]


def _digest(requirements: Path) -> str:
    """Of a file of requirements and those that it includes."""
    text = requirements.read_text()
    included = [line.split()[1] for line in text.splitlines() if line.startswith("-r ")]
    return hashlib.sha256("".join([text, *(_digest(requirements.parent / name) for name in included)]).encode()).hexdigest()


def _wheels(requirements: Path, folder: Path) -> list[Path]:
    shutil.rmtree(folder, ignore_errors=True)
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-deps", "--only-binary", ":all:"]
    command += ["--ignore-requires-python", "--require-hashes", "--dest", str(folder), "--requirement", str(requirements)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"{requirements}: pip could not get the packages:\n{done.stderr.strip()}")
    return sorted(folder.glob("*.whl"))


def _unpack(wheel: Path, tree: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        wanted = [name for name in archive.namelist() if name.endswith(CODE) and ".dist-info/" not in name and ".data/" not in name]
        archive.extractall(tree, wanted)


def _enclose(tree: Path) -> None:
    """Make the tree a project of its own."""
    tree.mkdir(parents=True, exist_ok=True)
    subprocess.run(["git", "init", "--quiet", str(tree)], check=True)
    if not any((tree / name).exists() for name in CONFIGURATION[1:3]):
        (tree / "sessionlint.toml").touch()
