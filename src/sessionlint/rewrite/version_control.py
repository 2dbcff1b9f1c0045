"""Which files that are to change have uncommitted changes: asks git, and changes neither its index nor the work tree."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterable
from pathlib import Path

from sessionlint.revision import environment, top_of
from sessionlint.source import SessionlintError

_TIMEOUT = 60
_WAY_ON = "`--allow-dirty` goes on without git's opinion"


def refuse_uncommitted(root: Path, names: Iterable[str]) -> None:
    """Raise `SessionlintError` naming the files that have changes which are not committed, staged or not.

    `names` are relative to `root`. A file that git does not track, or that lies in no repository, is nobody's uncommitted change; without
    git there is nobody to ask.
    """
    repositories: dict[str, dict[str, str]] = {}
    for name in names:
        path = os.path.realpath(root / name)
        repository = top_of(os.path.dirname(path))
        if repository:
            repositories.setdefault(repository, {})[os.path.relpath(path, repository).replace(os.sep, "/")] = name
    dirty: list[str] = []
    for repository, known in repositories.items():
        uncommitted = _dirty_in(repository)
        dirty += [name for path, name in known.items() if path in uncommitted]
    if dirty:
        files = ", ".join(sorted(dirty))
        raise SessionlintError(f"uncommitted changes in {files}; nothing was written", hint="commit or stash them, or pass `--allow-dirty`")


def _dirty_in(repository: str) -> set[str]:
    """The tracked files of a repository that are not as in its last commit, relative to it."""
    command = ["git", "--no-optional-locks", "-c", "core.fsmonitor=false", "-C", repository, "status", "--porcelain=v1", "-z"]
    try:
        done = subprocess.run(
            [*command, "--untracked-files=no", "--ignore-submodules=all"],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            env={**environment(), "GIT_CEILING_DIRECTORIES": os.path.dirname(repository)},
            timeout=_TIMEOUT,
            check=False,
        )
    except FileNotFoundError:
        return set()
    except (OSError, subprocess.TimeoutExpired) as error:
        raise SessionlintError(f"git does not say what is committed: {error}; nothing was written", hint=_WAY_ON) from error
    if done.returncode:
        said = done.stderr.decode(errors="replace").strip()
        if "not a git repository" in said:
            return set()
        first = said.partition("\n")[0]
        raise SessionlintError(f"git does not say what is committed: {first}; nothing was written", hint=_WAY_ON)
    return _paths(done.stdout)


def _paths(output: bytes) -> set[str]:
    """The paths of `git status --porcelain=v1 -z`: two letters, a blank, the path; where it was renamed, the old path follows by itself."""
    found = set()
    records = iter(output.split(b"\0"))
    for record in records:
        if record:
            found.add(os.fsdecode(record[3:]))
            if b"R" in record[:2] or b"C" in record[:2]:
                next(records, b"")
    return found
