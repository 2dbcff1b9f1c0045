"""What differs from a revision, as git knows it, whatever state index and work tree are in."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from sessionlint.revision import Change, NoRepository, changes_since
from sessionlint.revision.hunks import changed_rows
from sessionlint.source import SessionlintError
from tests.revision.repositories import ENVIRONMENT, Repository


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    made = Repository(tmp_path / "project")
    made.write(a="one\ntwo\nthree\n", b="b1\nb2\nb3\nb4\nb5\nb6\n", package__c="c\n")
    made.commit()
    return made


def changed(root: Path, revision: str = "HEAD") -> Change:
    return changes_since(revision, root, sorted(root.rglob("*.py")), (".py", ".html"))


def told(change: Change, root: Path) -> dict[str, tuple[str | None, object, object]]:
    """By the name of now: the name of then, the content of then, the changed rows."""

    def name(path: Path | None) -> str | None:
        return path.relative_to(root).as_posix() if path else None

    files = {str(name(file.new)): (name(file.old), file.content, file.rows) for file in change.files.values()}
    return {**files, **{f"-{name(file.old)}": (None, file.content, None) for file in change.gone}}


def test_nothing_changed(repository: Repository) -> None:
    assert not changed(repository.folder)


def test_rows_of_changed_files_and_what_they_held(repository: Repository) -> None:
    repository.write(a="one\n2\nthree\nfour\nfive\n", b="b1\nb2\nb4\nb5\nb6\n")
    assert told(changed(repository.folder), repository.folder) == {
        "a.py": ("a.py", b"one\ntwo\nthree\n", ((2, 2), (4, 5))),
        "b.py": ("b.py", b"b1\nb2\nb3\nb4\nb5\nb6\n", ((3, 2),)),
    }


@pytest.mark.parametrize("staged", [False, True])
def test_new_gone_and_renamed_files(repository: Repository, staged: bool) -> None:
    repository.write(new="n\n", moved="b1\nb2\nb3\nb4\nb5\nb6\nb7\n")
    for name in ("a.py", "b.py"):
        (repository.folder / name).unlink()
    if staged:
        repository.git("add", "--all")
    found = told(changed(repository.folder), repository.folder)
    before = b"b1\nb2\nb3\nb4\nb5\nb6\n"
    assert found["new.py"] == (None, None, None)
    assert found["-a.py"] == (None, b"one\ntwo\nthree\n", None)
    if staged:
        assert found["moved.py"] == ("b.py", before, ((7, 7),))
        assert "-b.py" not in found
    else:  # git sees renames only between what it tracks
        assert (found["moved.py"], found["-b.py"]) == ((None, None, None), (None, before, None))


def test_what_git_has_no_history_of_is_no_change(repository: Repository, tmp_path: Path) -> None:
    repository.file(".gitignore", "generated.py\n")
    repository.write(generated="g\n")
    (tmp_path / "outside.py").write_text("o\n")
    inner = Repository(repository.folder / "inner")
    inner.write(theirs="t\n")
    files = [*repository.folder.rglob("*.py"), tmp_path / "outside.py"]
    assert not changes_since("HEAD", repository.folder, files, (".py",))


def test_a_file_that_git_was_told_to_forget_is_what_it_was(repository: Repository) -> None:
    repository.git("rm", "--quiet", "--cached", "a.py")
    assert told(changed(repository.folder), repository.folder) == {"a.py": ("a.py", b"one\ntwo\nthree\n", None)}


def test_names_that_git_quotes(repository: Repository) -> None:
    names = ["ünï cödé.py", 'quo"te.py', "tab\tand space.py", "back\\slash.py"]
    for name in names:
        repository.file(name, "1\n2\n")
    repository.commit()
    for name in names:
        repository.file(name, "1\n2\n3\n")
    assert told(changed(repository.folder), repository.folder) == {name: (name, b"1\n2\n", ((3, 3),)) for name in names}


def test_lines_that_look_like_a_patch(repository: Repository) -> None:
    odd = "++ b/b.py\n-- a/b.py\n@@ -1 +1,9 @@\ndiff --git a/b.py b/b.py\n"
    repository.write(a=odd)
    repository.commit()
    repository.write(a=odd.replace("-- a", "++ a") + odd)
    assert told(changed(repository.folder), repository.folder)["a.py"][2] == ((2, 5),)
    repository.write(a="")
    assert told(changed(repository.folder), repository.folder) == {"a.py": ("a.py", odd.encode(), ((1, 0),))}


def test_files_of_any_name_that_take_part(repository: Repository) -> None:
    script = repository.file("run [me]", "1\n")
    repository.commit()
    script.write_text("2\n")
    assert not changed(repository.folder)
    assert told(changes_since("HEAD", repository.folder, [script], (".py",)), repository.folder) == {
        "run [me]": ("run [me]", b"1\n", ((1, 1),))
    }


def test_a_project_in_a_part_of_the_repository(repository: Repository) -> None:
    repository.write(package__c="c\nd\n", a="changed too\n")
    change = changed(repository.folder / "package")
    assert change.files[repository.folder / "package" / "c.py"].rows == ((2, 2),)


def test_a_project_reached_through_a_link(repository: Repository, tmp_path: Path) -> None:
    link = tmp_path / "link"
    link.symlink_to(repository.folder)
    repository.write(a="one\ntwo\n3\n")
    assert list(changed(link).files) == [link / "a.py"]


def test_links_to_files(repository: Repository, tmp_path: Path) -> None:
    (tmp_path / "outside.py").write_text("outside\n")
    (repository.folder / "out.py").symlink_to("../outside.py")
    (repository.folder / "in.py").symlink_to("a.py")
    repository.commit()
    for name in ("out.py", "in.py"):
        (repository.folder / name).unlink()
    assert told(changed(repository.folder), repository.folder) == {
        "-in.py": (None, None, None),
        "-out.py": (None, b"outside\n", None),
    }


def test_carriage_returns_are_no_change_of_a_row(repository: Repository) -> None:
    (repository.folder / "a.py").write_bytes(b"one\r\ntwo\r\n3\r\n")
    assert changed(repository.folder).files[repository.folder / "a.py"].rows == ((3, 3),)


def test_a_submodule_is_compared_with_its_commit_of_then(repository: Repository, tmp_path: Path) -> None:
    library = Repository(tmp_path / "library")
    library.write(lib="1\n2\n")
    library.commit()
    repository.git("submodule", "--quiet", "add", str(library.folder), "vendor/lib")
    assert told(changed(repository.folder), repository.folder) == {"vendor/lib/lib.py": (None, None, None)}
    repository.commit()
    assert not changed(repository.folder)
    (repository.folder / "vendor" / "lib" / "lib.py").write_text("1\n2\n3\n")
    assert told(changed(repository.folder), repository.folder) == {"vendor/lib/lib.py": ("vendor/lib/lib.py", b"1\n2\n", ((3, 3),))}


def test_a_large_file_of_which_git_has_a_pointer(repository: Repository) -> None:
    oid = "0123456789abcdef" * 4
    repository.file("a.py", f"version https://git-lfs.github.com/spec/v1\noid sha256:{oid}\nsize 4\n")
    repository.commit()
    repository.file("a.py", "now\n")
    assert changed(repository.folder).files[repository.folder / "a.py"].content is None
    stored = repository.file(f".git/lfs/objects/{oid[:2]}/{oid[2:4]}/{oid}", "then\n")
    assert changed(repository.folder).files[repository.folder / "a.py"].content == stored.read_bytes()


def test_index_and_work_tree_stay_as_they_are(repository: Repository) -> None:
    repository.write(a="one\n", new="n\n", package__c="staged\n")
    repository.git("add", "package/c.py")
    repository.write(package__c="on the disk\n")
    os.utime(repository.folder / "b.py", (1, 1))  # git would like to refresh what it knows of it
    before = repository.state()
    change = changed(repository.folder)
    assert repository.state() == before
    assert sorted(path.name for path in change.files) == ["a.py", "c.py", "new.py"]


def test_hooks_tell_git_of_another_repository(repository: Repository, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_DIR", str(tmp_path / "nowhere"))
    monkeypatch.setenv("GIT_INDEX_FILE", "nothing")
    repository.write(a="one\n")
    assert list(changed(repository.folder).files) == [repository.folder / "a.py"]


def test_the_users_configuration_does_not_show(repository: Repository) -> None:
    for key in ("diff.noprefix", "diff.mnemonicPrefix", "color.ui", "core.quotePath"):
        repository.git("config", key, "always" if key == "color.ui" else "true")
    repository.git("config", "diff.external", "false")
    repository.write(a="one\ntwo\n3\n")
    assert changed(repository.folder).files[repository.folder / "a.py"].rows == ((3, 3),)


def test_a_merge_that_is_not_done(repository: Repository) -> None:
    repository.git("checkout", "--quiet", "-b", "other")
    repository.write(a="other\n")
    repository.commit()
    repository.git("checkout", "--quiet", "main")
    repository.write(a="main\n")
    repository.commit()
    with pytest.raises(AssertionError, match="merge"):
        repository.git("merge", "other")
    change = changed(repository.folder)
    assert change.files[repository.folder / "a.py"].content == b"main\n"


# -- revisions ----------------------------------------------------------------------------------------------------------


def test_three_dots_are_where_the_branch_began(repository: Repository) -> None:
    repository.git("checkout", "--quiet", "-b", "feature")
    repository.write(b="b1\n")
    repository.commit()
    repository.git("checkout", "--quiet", "main")
    repository.write(a="main went on\n")
    repository.commit()
    repository.git("checkout", "--quiet", "feature")
    assert sorted(told(changed(repository.folder, "main"), repository.folder)) == ["a.py", "b.py"]
    for spelling in ("main...", "main...HEAD", "main...feature"):
        assert sorted(told(changed(repository.folder, spelling), repository.folder)) == ["b.py"]


@pytest.mark.parametrize(
    ("revision", "message"),
    [
        ("nowhere", "unknown revision `nowhere` (`git log` lists those that there are)"),
        ("--all", "unknown revision `--all` (`git log` lists those that there are)"),
        ("", "unknown revision `` (`git log` lists those that there are)"),
        ("main..HEAD", "`main..HEAD` is a range; the files as they are now are always its newer end (give `main`)"),
        (
            "main...other",
            "`other` is not what is checked out; the files as they are now are always the newer end (give `main...`)",
        ),
    ],
)
def test_revisions_that_cannot_be_compared_with(repository: Repository, revision: str, message: str) -> None:
    repository.git("branch", "other")
    repository.commit()
    with pytest.raises(SessionlintError) as error:
        changed(repository.folder, revision)
    assert str(error.value) == message


def test_the_way_out_of_a_shallow_clone(repository: Repository, tmp_path: Path) -> None:
    repository.commit()
    clone = tmp_path / "clone"
    repository.git("clone", "--quiet", "--depth=1", repository.folder.as_uri(), str(clone))
    with pytest.raises(SessionlintError) as error:
        changed(clone, "HEAD~1")
    assert str(error.value) == (
        "unknown revision `HEAD~1` in this shallow clone "
        "(`git fetch --unshallow`, or `git fetch --depth=1000`; in GitHub Actions `fetch-depth: 0` of actions/checkout)"
    )
    with pytest.raises(SessionlintError) as error:
        changed(clone, "origin/develop...")
    assert str(error.value) == (
        "unknown revision `origin/develop` in this shallow clone (`git fetch --depth=1000 origin develop:refs/remotes/origin/develop`)"
    )


def test_branches_without_a_common_commit(repository: Repository) -> None:
    repository.git("checkout", "--quiet", "--orphan", "other")
    repository.commit("another beginning")
    with pytest.raises(SessionlintError, match="`main` and HEAD have no common commit"):
        changed(repository.folder, "main...")


def test_no_repository_and_one_without_a_commit(tmp_path: Path) -> None:
    with pytest.raises(NoRepository, match="is in no git repository"):
        changed(tmp_path)
    Repository(tmp_path)
    with pytest.raises(NoRepository, match="has no commit yet"):
        changed(tmp_path)


def test_no_git(repository: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(repository.folder))
    with pytest.raises(SessionlintError, match="git is needed"):
        changed(repository.folder)


def test_a_patch_is_read_by_its_headers() -> None:
    assert ENVIRONMENT["GIT_CONFIG_NOSYSTEM"] == "1"
    patch = b'diff --git "a/\\303\\274.py" "b/\\303\\274.py"\n--- "a/\\303\\274.py"\n+++ "b/\\303\\274.py"\n@@ -0,0 +1 @@\n+x\n'
    assert changed_rows(patch) == {"ü.py": ((1, 1),)}
