"""Where a new configuration goes, and how a file gets its content in one step. Entry points: `placed`, `write_all`."""

from __future__ import annotations

import contextlib
import os
import secrets
import shutil
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sessionlint.config.locate import shown_path
from sessionlint.config.options import read_options
from sessionlint.source import SessionlintError

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

TABLE = "tool.sessionlint"


@dataclass(frozen=True, slots=True)
class NewContent:
    """A file that is to get `after` in the place of `before` (None: there is no such file yet)."""

    path: Path
    before: bytes | None
    after: bytes


def configuration_file(root: Path) -> Path:
    """The file that a new configuration belongs into: the project's `pyproject.toml` if it has one."""
    pyproject = root / "pyproject.toml"
    return pyproject if pyproject.is_file() else root / "sessionlint.toml"


def placed(path: Path, text: str) -> NewContent:
    """`text`, which is TOML for that file, behind what the file holds already, of which no byte changes.

    Raises `SessionlintError` where the file cannot be read, holds the table already, or the whole would not be read as it is meant.
    """
    try:
        before = path.read_bytes() if path.exists() else None
    except OSError as error:
        raise SessionlintError(f"cannot be read: {error.strerror}", file=shown_path(path)) from None
    if before is None:
        return _checked(NewContent(path, None, text.encode()), "")
    newline = b"\r\n" if b"\r\n" in before else b"\n"
    gap = b"" if not before.strip() else newline if before.endswith(b"\n") else 2 * newline
    after = before + gap + text.encode().replace(b"\n", newline)
    return _checked(NewContent(path, before, after), TABLE)


def _checked(new: NewContent, table: str) -> NewContent:
    """The new content, known to be valid and to say nothing else of others than the old one did."""
    shown = shown_path(new.path)
    old = _parsed(new.before or b"", shown)
    try:
        done = tomllib.loads(new.after.decode("utf-8-sig"))
    except tomllib.TOMLDecodeError:
        raise SessionlintError(f"`[{table}]` cannot be added to it", file=shown, hint="write a `sessionlint.toml` instead") from None
    ours = done
    if table:
        ours = done.get("tool", {}).pop("sessionlint", {})
        if not done.get("tool"):
            done.pop("tool", None)
            old.pop("tool", None)
        if done != old:
            raise SessionlintError(f"`[{table}]` cannot be added to it", file=shown, hint="write a `sessionlint.toml` instead")
    read_options(ours, new.after.decode("utf-8"), file=shown, prefix=table)
    return new


def _parsed(content: bytes, shown: str) -> dict[str, Any]:
    try:
        return tomllib.loads(content.decode("utf-8-sig"))
    except UnicodeDecodeError:
        raise SessionlintError("it is not UTF-8", file=shown) from None
    except tomllib.TOMLDecodeError as error:
        raise SessionlintError(f"not valid TOML: {error}", file=shown) from None


def write_all(contents: Sequence[NewContent]) -> None:
    """Give every file its new content: all of them are written down beside their places before the first takes its name.

    Raises `SessionlintError`, and leaves what was there, if one cannot be written or was changed meanwhile.
    """
    staged: list[tuple[Path, Path]] = []
    try:
        for new in contents:
            target = new.path.resolve()
            temporary = target.with_name(f".{target.name}.{secrets.token_hex(4)}.tmp")
            staged.append((temporary, target))
            _store(temporary, target, new)
        for temporary, target in staged:
            os.replace(temporary, target)
    except OSError as error:
        raise SessionlintError(f"cannot be written: {error.strerror}", file=shown_path(contents[len(staged) - 1].path)) from None
    finally:
        for temporary, _ in staged:
            with contextlib.suppress(OSError):
                temporary.unlink()


def _store(temporary: Path, target: Path, new: NewContent) -> None:
    now = target.read_bytes() if target.exists() else None
    if now != new.before:
        raise SessionlintError("it was changed meanwhile", file=shown_path(new.path), hint="nothing was written; run it again")
    with open(os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o666), "wb") as stream:
        stream.write(new.after)
        stream.flush()
        os.fsync(stream.fileno())
    if new.before is not None:
        shutil.copymode(target, temporary)
