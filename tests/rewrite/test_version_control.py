"""Files with uncommitted changes are named before anything is written; git is asked, and nothing of it is touched."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from sessionlint.rewrite import refuse_uncommitted
from sessionlint.rewrite import version_control as module
from sessionlint.source import SessionlintError

pytestmark = pytest.mark.skipif(shutil.which("git") is None, reason="there is no git")


def git(folder: Path, *arguments: str) -> str:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    environment |= {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull}
    for who in ("AUTHOR", "COMMITTER"):
        environment |= {f"GIT_{who}_NAME": "a", f"GIT_{who}_EMAIL": "a@example.org"}
    command = ["git", "-c", "protocol.file.allow=always", "-C", str(folder), *arguments]
    return subprocess.run(command, check=True, capture_output=True, text=True, env=environment).stdout


NAMES = ["a.py", "package/b.py", "with blank ä\n.py", ":(glob)*.py"]


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    root = tmp_path / "repository"
    (root / "package").mkdir(parents=True)
    for name in NAMES:
        (root / name).write_text("1\n")
    git(root, "init", "-q")
    git(root, "add", ".")
    git(root, "commit", "-q", "-m", "all")
    return root


def said(root: Path, *names: str) -> str:
    with pytest.raises(SessionlintError) as raised:
        refuse_uncommitted(root, names)
    return str(raised.value)


def test_clean(repository: Path) -> None:
    refuse_uncommitted(repository, NAMES)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("staged", [False, True])
def test_changed(repository: Path, name: str, staged: bool) -> None:
    (repository / name).write_text("2\n")
    if staged:
        git(repository, "--literal-pathspecs", "add", name)
    expected = f"uncommitted changes in {name}; nothing was written (commit or stash them, or pass `--allow-dirty`)"
    assert said(repository, *NAMES) == expected
    refuse_uncommitted(repository, [other for other in NAMES if other != name])


def test_all_are_named_and_a_project_may_lie_inside_a_repository(repository: Path) -> None:
    (repository / "package" / "b.py").write_text("2\n")
    (repository / "package" / "new.py").write_text("2\n")
    git(repository, "add", "package/new.py")
    assert said(repository / "package", "new.py", "b.py").startswith("uncommitted changes in b.py, new.py; ")


def test_renamed(repository: Path) -> None:
    git(repository, "mv", "a.py", "c.py")
    assert "uncommitted changes in c.py;" in said(repository, "c.py", "package/b.py")


def test_what_git_does_not_track_is_not_its_business(repository: Path) -> None:
    (repository / ".gitignore").write_text("ignored.py\n")
    for name in ("ignored.py", "untracked.py"):
        (repository / name).write_text("1\n")
    refuse_uncommitted(repository, ["ignored.py", "untracked.py"])


def test_submodule_and_linked_work_tree(repository: Path, tmp_path: Path) -> None:
    git(repository, "submodule", "--quiet", "add", str(repository), "inner")
    git(repository, "commit", "-q", "-m", "inner")
    git(repository, "worktree", "add", "-q", str(tmp_path / "linked"))
    refuse_uncommitted(repository, ["a.py", "inner/a.py", "../linked/a.py"])
    (repository / "inner" / "a.py").write_text("2\n")
    (tmp_path / "linked" / "a.py").write_text("2\n")
    assert "in ../linked/a.py, inner/a.py;" in said(repository, "a.py", "inner/a.py", "../linked/a.py")


def test_a_link_is_followed(repository: Path, tmp_path: Path) -> None:
    (tmp_path / "linked.py").symlink_to(repository / "a.py")
    refuse_uncommitted(tmp_path, ["linked.py"])
    (repository / "a.py").write_text("2\n")
    assert "in linked.py;" in said(tmp_path, "linked.py")


def test_hooks_and_the_repositories_around(repository: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_DIR", str(tmp_path / "elsewhere"))
    monkeypatch.setenv("GIT_INDEX_FILE", str(tmp_path / "index"))
    refuse_uncommitted(repository, NAMES)
    (repository / "a.py").write_text("2\n")
    assert "in a.py;" in said(repository, *NAMES)


def test_index_and_work_tree_stay_as_they_are(repository: Path) -> None:
    for name in NAMES:
        os.utime(repository / name, (1, 1))  # git would write down in its index that they are the same nevertheless
    index = (repository / ".git" / "index").read_bytes()
    refuse_uncommitted(repository, NAMES)
    assert (repository / ".git" / "index").read_bytes() == index
    assert not (repository / ".git" / "index.lock").exists()


def test_no_program_of_the_repository_is_run(repository: Path, tmp_path: Path) -> None:
    monitor = tmp_path / "monitor"
    monitor.write_text(f"#!/bin/sh\ntouch {tmp_path}/ran\n")
    monitor.chmod(0o755)
    git(repository, "config", "core.fsmonitor", str(monitor))
    refuse_uncommitted(repository, NAMES)
    assert not (tmp_path / "ran").exists()


def test_no_repository_and_none_that_deserves_the_name(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text("1\n")
    refuse_uncommitted(tmp_path, ["a.py"])
    (tmp_path / ".git").mkdir()
    refuse_uncommitted(tmp_path, ["a.py"])


def test_no_git(repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (repository / "a.py").write_text("2\n")
    monkeypatch.setenv("PATH", "")
    refuse_uncommitted(repository, ["a.py"])


def test_git_that_fails_or_does_not_answer(repository: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "git").write_text("#!/bin/sh\necho fatal: detected dubious ownership >&2\nexit 128\n")
    (tmp_path / "git").chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    expected = "git does not say what is committed: fatal: detected dubious ownership; nothing was written"
    assert said(repository, "a.py") == f"{expected} (`--allow-dirty` goes on without git's opinion)"
    (tmp_path / "git").write_text("#!/bin/sh\nexec sleep 30\n")
    monkeypatch.setattr(module, "_TIMEOUT", 0.2)
    assert "timed out after 0.2 seconds" in said(repository, "a.py")
