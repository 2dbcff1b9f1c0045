"""How CI services name a file: by its path in the repository, wherever the project lies in it."""

from __future__ import annotations

from pathlib import Path, PurePosixPath


def repository_of(folder: Path) -> Path:
    """The innermost folder around `folder` that is a repository; `folder` itself where there is none."""
    from sessionlint.revision import top_of

    folder = folder.resolve()
    return Path(top_of(str(folder)) or folder)


def path_in(repository: Path, file: Path) -> str:
    """The path of `file` in the repository, links resolved, `/` as separator; absolute for a file that is not in it."""
    for path in (file.resolve(), file):
        if path.is_relative_to(repository):
            return path.relative_to(repository).as_posix()
    return file.as_posix()


def uri_of(path: str) -> str:
    """A path as a URI reference, byte for byte as the file system has it: relative if the path is, else `file://…`."""
    from urllib.parse import quote

    quoted = quote(path.encode("utf-8", "surrogateescape"), safe="/!$&'()*+,;=@~")
    if PurePosixPath(path).is_absolute():
        return f"file://{quoted}"
    return quoted
