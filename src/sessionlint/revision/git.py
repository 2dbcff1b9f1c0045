"""Calls of git that change nothing, and what goes wrong with them. Entry point: `Git`."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator, Sequence

from sessionlint.source import SessionlintError

_LOCAL = (
    "GIT_DIR",
    "GIT_WORK_TREE",
    "GIT_INDEX_FILE",
    "GIT_COMMON_DIR",
    "GIT_PREFIX",
    "GIT_NAMESPACE",
    "GIT_OBJECT_DIRECTORY",
    "GIT_DIFF_OPTS",
    "GIT_EXTERNAL_DIFF",
    "GIT_LITERAL_PATHSPECS",
    "GIT_GLOB_PATHSPECS",
    "GIT_NOGLOB_PATHSPECS",
    "GIT_ICASE_PATHSPECS",
)
"""What git tells its hooks holds for the repository of the hook, and there may be others (submodules); the rest would change its output."""
_OPTIONS = ("--no-optional-locks", "-c", "core.fsmonitor=false", "-c", "core.quotePath=false", "-c", "diff.autoRefreshIndex=false")
"""Nothing of this writes the index: neither a daemon nor a refresh on the way."""
_TIMEOUT = 300


class NoRepository(SessionlintError):
    """There is nothing to compare with: no git, no repository, or one without a commit."""


class GitFailed(Exception):
    """Git ended with a status other than 0; the text is what it said first."""


def environment() -> dict[str, str]:
    """The environment in which git says of a folder what it says everywhere, and asks nobody."""
    kept = {name: value for name, value in os.environ.items() if name not in _LOCAL}
    return {**kept, "LC_ALL": "C", "GIT_TERMINAL_PROMPT": "0", "GIT_OPTIONAL_LOCKS": "0"}


class Git:
    """Git in one folder."""

    def __init__(self, folder: str) -> None:
        self.folder = folder

    def run(self, *arguments: str, input: bytes = b"") -> bytes:
        """Its standard output. Raises `GitFailed`, `NoRepository` without git, `SessionlintError` where it does not answer."""
        command = ["git", *_OPTIONS, "-C", self.folder, *arguments]
        try:
            done = subprocess.run(command, input=input, capture_output=True, env=environment(), timeout=_TIMEOUT, check=False)
        except FileNotFoundError:
            raise NoRepository("git is needed to compare with a revision, and there is none") from None
        except (OSError, subprocess.TimeoutExpired) as error:
            raise SessionlintError(f"git does not answer: {error}") from None
        if done.returncode:
            raise GitFailed(done.stderr.decode(errors="replace").strip().partition("\n")[0] or f"status {done.returncode}")
        return done.stdout

    def line(self, *arguments: str) -> str:
        """What it prints, without the end of the line; empty where it fails."""
        try:
            return os.fsdecode(self.run(*arguments)).rstrip("\n")
        except GitFailed:
            return ""

    def records(self, *arguments: str) -> list[str]:
        """What it prints with `-z`: paths, and what stands between them."""
        return [os.fsdecode(record) for record in self.run(*arguments).split(b"\0")[:-1]]

    def blobs(self, ids: Sequence[str]) -> dict[str, bytes]:
        """The contents of blobs by their id; those that the repository lacks are left out."""
        if not ids:
            return {}
        asked = "".join(f"{id}\n" for id in dict.fromkeys(ids)).encode()
        return dict(_blobs(self.run("cat-file", "--batch", input=asked)))


def _blobs(output: bytes) -> Iterator[tuple[str, bytes]]:
    """The answers of `cat-file --batch`: a line with id, type and size, the content, a line end; or `id missing`."""
    position = 0
    while position < len(output):
        end = output.index(b"\n", position)
        id, kind, *rest = output[position:end].decode().split(" ")
        position = end + 1
        if rest:
            size = int(rest[0])
            if kind == "blob":
                yield id, output[position : position + size]
            position += size + 1
