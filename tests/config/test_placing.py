"""A configuration is added to a file without a byte of the rest changing, or not at all."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from sessionlint.config.placing import NewContent, configuration_file, placed, write_all
from sessionlint.source import SessionlintError

TEXT = '[tool.sessionlint]\nselect = ["SES1"]\n'


@pytest.mark.parametrize(
    ("before", "gap"),
    [
        (b'[project]\nname = "x"  # kept\n', b"\n"),
        (b"[project]\nname = 'x'", b"\n\n"),
        (b"", b""),
        (b"\xef\xbb\xbf[tool.black]\nline-length = 100\n", b"\n"),
        (b"tool.black.line-length = 100\n", b"\n"),
    ],
    ids=["plain", "no last newline", "empty", "byte order mark", "dotted keys"],
)
def test_the_rest_stays_byte_for_byte(tmp_path: Path, before: bytes, gap: bytes) -> None:
    path = tmp_path / "pyproject.toml"
    path.write_bytes(before)
    assert placed(path, TEXT).after == before + gap + TEXT.encode()


def test_line_endings_are_those_of_the_file(tmp_path: Path) -> None:
    path = tmp_path / "pyproject.toml"
    path.write_bytes(b"[project]\r\nname = 'x'\r\n")
    assert placed(path, TEXT).after == b"[project]\r\nname = 'x'\r\n\r\n" + TEXT.replace("\n", "\r\n").encode()


@pytest.mark.parametrize(
    ("before", "message"),
    [
        (b"[tool\n", "not valid TOML"),
        (b"\xff\xfe", "it is not UTF-8"),
        (b"tool = { black = { line-length = 100 } }\n", "cannot be added to it"),
        (b"[tool.sessionlint]\n", "cannot be added to it"),
    ],
    ids=["broken", "binary", "inline table", "there already"],
)
def test_what_cannot_be_extended_is_named(tmp_path: Path, before: bytes, message: str) -> None:
    path = tmp_path / "pyproject.toml"
    path.write_bytes(before)
    with pytest.raises(SessionlintError, match=message) as caught:
        placed(path, TEXT)
    assert caught.value.file == str(path)
    assert path.read_bytes() == before


def test_the_project_s_pyproject_if_there_is_one(tmp_path: Path) -> None:
    assert configuration_file(tmp_path) == tmp_path / "sessionlint.toml"
    (tmp_path / "pyproject.toml").touch()
    assert configuration_file(tmp_path) == tmp_path / "pyproject.toml"


def test_all_files_are_written_or_none(tmp_path: Path) -> None:
    first, second = tmp_path / "first.toml", tmp_path / "second.toml"
    second.write_bytes(b"theirs")
    with pytest.raises(SessionlintError, match="it was changed meanwhile"):
        write_all([NewContent(first, None, b"new"), NewContent(second, b"ours", b"new")])
    assert sorted(os.listdir(tmp_path)) == ["second.toml"]
    assert second.read_bytes() == b"theirs"
    write_all([NewContent(first, None, b"new"), NewContent(second, b"theirs", b"newer")])
    assert (first.read_bytes(), second.read_bytes()) == (b"new", b"newer")
    assert sorted(os.listdir(tmp_path)) == ["first.toml", "second.toml"]


def test_a_link_stays_one_and_permissions_stay(tmp_path: Path) -> None:
    target, link = tmp_path / "real.toml", tmp_path / "pyproject.toml"
    target.write_bytes(b"")
    target.chmod(0o640)
    link.symlink_to(target)
    write_all([NewContent(link, b"", b"new")])
    assert link.is_symlink()
    assert (target.read_bytes(), target.stat().st_mode & 0o777) == (b"new", 0o640)
