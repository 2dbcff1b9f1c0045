"""What is excluded need not be found out again, and is as soon as anything that it follows from has changed."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from sessionlint.config import Options, load_settings
from sessionlint.discover import Verdicts, discover
from sessionlint.discover.exclusion import Exclusion


@pytest.fixture
def project(tmp_path: Path) -> Path:
    for name in ("a.py", "b.py", "build/c.py", "package/d.py", "package/deep/e.py"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()
    (tmp_path / ".git").mkdir()
    (tmp_path / ".gitignore").write_text("b.py\n")
    (tmp_path / "pyproject.toml").touch()
    return tmp_path


def found(root: Path, known: Verdicts | None = None, **options: object) -> list[str]:
    settings = load_settings([root], overrides=Options(**options))  # type: ignore[arg-type]
    return [file.name for file in discover([root], settings, known=known)]


def kept(root: Path, **options: object) -> bytes:
    known = Verdicts()
    found(root, known, **options)
    news = known.news()
    assert news is not None
    return news


def test_what_is_known_is_not_looked_into_again(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    names = found(project)
    assert names == ["a.py", "package/d.py", "package/deep/e.py"]
    encoded = kept(project)
    asked: list[str] = []
    real = Exclusion.covers_entry

    def covers(self: Exclusion, path: str, *, is_directory: bool) -> bool:
        asked.append(path)
        return real(self, path, is_directory=is_directory)

    monkeypatch.setattr(Exclusion, "covers_entry", covers)
    known = Verdicts(encoded)
    assert found(project, known) == names
    assert (asked, known.news()) == ([], None)
    (project / "package" / "new.py").touch()
    assert "package/new.py" in found(project, known)
    assert asked == [str(project / "package" / "new.py")]


def ignores(root: Path) -> None:
    (root / ".gitignore").write_text("d.py\n")


def ignores_deeper(root: Path) -> None:
    (root / "package" / ".gitignore").write_text("deep\n!d.py\n")


def ignores_by_hand(root: Path) -> None:
    (root / ".git" / "info").mkdir()
    (root / ".git" / "info" / "exclude").write_text("a.py\n")


def has_a_repository_inside(root: Path) -> None:
    (root / "package" / ".git").mkdir()
    (root / "package" / "b.py").touch()


def makes_a_directory_of_a_file(root: Path) -> None:
    (root / "b.py").unlink()
    (root / "a.py").unlink()
    (root / "a.py").mkdir()
    (root / "a.py" / "x.py").touch()


def ignores_nothing(root: Path) -> None:
    (root / ".gitignore").unlink()


@pytest.mark.parametrize(
    "change", [ignores, ignores_deeper, ignores_by_hand, has_a_repository_inside, makes_a_directory_of_a_file, ignores_nothing]
)
def test_a_change_shows(project: Path, change: Callable[[Path], None]) -> None:
    before, encoded = found(project), kept(project)
    change(project)
    assert found(project, Verdicts(encoded)) == found(project) != before


@pytest.mark.parametrize("options", [{"exclude": ("package",)}, {"extend_exclude": ("a.py",)}, {"respect_gitignore": False}], ids=str)
def test_another_setting_shows(project: Path, options: dict[str, object]) -> None:
    before, encoded = found(project), kept(project)
    assert found(project, Verdicts(encoded), **options) == found(project, **options) != before


@pytest.mark.parametrize("encoded", [b"", b"\x80", b"\x81\xa1a\x01", b"\xc1"])
def test_what_cannot_be_read_is_forgotten(project: Path, encoded: bytes) -> None:
    assert found(project, Verdicts(encoded)) == found(project)
