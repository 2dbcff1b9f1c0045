"""Which files make up a program, what they are called, and which of them are reported."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from sessionlint.config import Options, load_settings
from sessionlint.discover import discover, discover_earlier
from sessionlint.source import SessionlintError, SourceFile


def tree(root: Path, *names: str) -> Path:
    for name in names:
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    return root


def found(*paths: Path, isolated: bool = False, **options: object) -> list[SourceFile]:
    return discover(paths, load_settings(paths, isolated=isolated, overrides=Options(**options)))  # type: ignore[arg-type]


def names(files: list[SourceFile]) -> list[str]:
    return [file.name for file in files]


def reported(files: list[SourceFile]) -> list[str]:
    return [file.name for file in files if file.reported]


def test_the_program_is_the_whole_project_and_paths_choose_what_is_reported(tmp_path: Path) -> None:
    tree(tmp_path, "setup.py", "app/views.py", "app/models.py", "templates/page.html", "notes.txt")
    files = found(tmp_path / "app" / "views.py")
    assert names(files) == ["app/models.py", "app/views.py", "setup.py", "templates/page.html"]
    assert reported(files) == ["app/views.py"]
    assert reported(found(tmp_path / "app")) == ["app/models.py", "app/views.py"]


def test_isolated_and_where_no_project_is_the_program_is_what_was_asked_for(tmp_path: Path) -> None:
    tree(tmp_path, "setup.py", "app/views.py", "app/models.py", "other.py")
    assert names(found(tmp_path / "app" / "views.py", isolated=True)) == ["views.py"]
    assert names(found(tmp_path / "app", isolated=True)) == ["models.py", "views.py"]
    assert names(found(tmp_path / "app", tmp_path / "other.py", isolated=True)) == ["app/models.py", "app/views.py", "other.py"]


@pytest.mark.parametrize(
    ("file", "module", "is_package"),
    [
        ("main.py", "main", False),
        ("app/__init__.py", "app", True),
        ("app/views.py", "app.views", False),
        ("src/package/__init__.py", "package", True),
        ("src/package/sub/x.py", "package.sub.x", False),
        ("namespace/deep/x.py", "namespace.deep.x", False),
        ("page.html", "", False),
        ("page.jinja2", "", False),
    ],
)
def test_module_names(file: str, module: str, is_package: bool, tmp_path: Path) -> None:
    tree(tmp_path, "setup.py", file)
    (described,) = [candidate for candidate in found(tmp_path) if candidate.name == file]
    assert (described.module, described.is_package, described.path) == (module, is_package, tmp_path / file)


def test_configured_source_roots(tmp_path: Path) -> None:
    tree(tmp_path, "backend/lib/app/x.py", "backend/y.py")
    (tmp_path / "sessionlint.toml").write_text('src = ["backend/lib", "backend"]')
    assert [file.module for file in found(tmp_path)] == ["app.x", "y"]


def test_a_directory_inside_a_package_names_modules_from_outside_it(tmp_path: Path) -> None:
    tree(tmp_path, "package/__init__.py", "package/sub/__init__.py", "package/sub/x.py")
    assert [file.module for file in found(tmp_path / "package" / "sub", isolated=True)] == ["package.sub", "package.sub.x"]


def test_what_is_left_out(tmp_path: Path) -> None:
    tree(
        tmp_path,
        *("setup.py", "node_modules/a.py", ".venv/a.py", "build/a.py", "lib/site-packages/a.py", "env/pyvenv.cfg", "env/lib/a.py"),
        *("app/build.py", "app/__pycache__/a.py", "kept/a.py"),
    )
    assert names(found(tmp_path)) == ["app/build.py", "kept/a.py", "setup.py"]


def test_exclude_patterns_are_relative_to_the_root(tmp_path: Path) -> None:
    tree(tmp_path, "setup.py", "a/gen/x.py", "gen/x.py", "a/old_x.py", "build/x.py")
    assert names(found(tmp_path, extend_exclude=("gen",))) == ["a/old_x.py", "setup.py"]
    assert names(found(tmp_path, extend_exclude=("./gen", "old_*"))) == ["a/gen/x.py", "setup.py"]
    assert names(found(tmp_path, extend_exclude=(str(tmp_path / "a"),))) == ["gen/x.py", "setup.py"]
    assert names(found(tmp_path, exclude=("a",))) == ["build/x.py", "gen/x.py", "setup.py"]


def test_gitignore_nested_and_negated(tmp_path: Path) -> None:
    tree(tmp_path, ".git/HEAD", "setup.py", "out/x.py", "gen_a.py", "sub/gen_b.py", "sub/gen_c.py", "sub/local.py", "deep/sub/local.py")
    (tmp_path / ".gitignore").write_text("/out/\ngen_*\n")
    (tmp_path / "sub" / ".gitignore").write_text("!gen_b.py\n/local.py\n")
    assert names(found(tmp_path)) == ["deep/sub/local.py", "setup.py", "sub/gen_b.py"]
    assert len(found(tmp_path, respect_gitignore=False)) == 7


def test_gitignore_above_the_root_counts_up_to_the_repository(tmp_path: Path) -> None:
    tree(tmp_path, "repo/.git/HEAD", "repo/app/setup.py", "repo/app/x.py", "repo/app/y.py")
    (tmp_path / ".gitignore").write_text("y.py\n")
    (tmp_path / "repo" / ".gitignore").write_text("x.py\n")
    assert names(found(tmp_path / "repo" / "app")) == ["setup.py", "y.py"]


def test_what_is_named_takes_part_although_it_is_excluded(tmp_path: Path) -> None:
    tree(tmp_path, "setup.py", "build/a.py", "build/sub/b.py", "script")
    assert reported(found(tmp_path / "build" / "a.py")) == ["build/a.py"]
    assert reported(found(tmp_path / "build")) == ["build/a.py", "build/sub/b.py"]
    assert reported(found(tmp_path / "build" / "sub")) == ["build/sub/b.py"]
    assert reported(found(tmp_path / "script")) == ["script"]


def test_an_ignored_directory_that_is_named_is_walked(tmp_path: Path) -> None:
    tree(tmp_path, ".git/HEAD", "setup.py", "out/a.py", "out/build/b.py", "out/gone.py")
    (tmp_path / ".gitignore").write_text("/out/\n")
    (tmp_path / "out" / ".gitignore").write_text("gone.py\n")
    assert reported(found(tmp_path / "out")) == ["out/a.py"]


def test_unless_force_exclude_says_otherwise(tmp_path: Path) -> None:
    tree(tmp_path, "setup.py", "build/a.py", "build/sub/b.py")
    for path in (tmp_path / "build" / "sub" / "b.py", tmp_path / "build"):
        files = found(path, force_exclude=True)
        assert (names(files), reported(files)) == (["setup.py"], [])


def test_links(tmp_path: Path) -> None:
    tree(tmp_path, "project/setup.py", "project/app/x.py", "outside/y.py", "outside/z.py")
    (tmp_path / "project" / "app" / "loop").symlink_to(tmp_path / "project")
    (tmp_path / "project" / "linked").symlink_to(tmp_path / "outside")
    (tmp_path / "project" / "again.py").symlink_to(tmp_path / "project" / "app" / "x.py")
    (tmp_path / "project" / "foreign.py").symlink_to(tmp_path / "outside" / "z.py")
    (tmp_path / "project" / "dangling.py").symlink_to(tmp_path / "nowhere.py")
    assert names(found(tmp_path / "project")) == ["app/x.py", "dangling.py", "foreign.py", "setup.py"]


def test_a_directory_called_like_a_module(tmp_path: Path) -> None:
    tree(tmp_path, "setup.py", "x.py/y.py")
    assert names(found(tmp_path)) == ["setup.py", "x.py/y.py"]


def test_a_path_that_does_not_exist(tmp_path: Path) -> None:
    with pytest.raises(SessionlintError, match=r"nope\.py` does not exist"):
        found(tmp_path / "nope.py")


def test_a_virtual_file_need_not_exist(tmp_path: Path) -> None:
    tree(tmp_path, "setup.py", "x.py")
    files = discover([], load_settings([tmp_path / "new.py"]), virtual=[tmp_path / "new.py"])
    assert (names(files), reported(files)) == (["new.py", "setup.py", "x.py"], ["new.py"])


def test_paths_are_made_absolute(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tree(tmp_path, "setup.py", "a/x.py", "b/y.py")
    monkeypatch.chdir(tmp_path / "a")
    assert reported(found(Path("../b"), Path("x.py"))) == ["a/x.py", "b/y.py"]


@pytest.mark.skipif(os.geteuid() == 0, reason="nothing is unreadable for root")
def test_a_directory_that_cannot_be_read_is_empty(tmp_path: Path) -> None:
    tree(tmp_path, "setup.py", "closed/x.py")
    (tmp_path / "closed").chmod(0)
    try:
        assert names(found(tmp_path)) == ["setup.py"]
    finally:
        (tmp_path / "closed").chmod(0o700)


def test_files_that_are_gone_take_part_by_the_same_rules(tmp_path: Path) -> None:
    tree(tmp_path, "pyproject.toml", "app/views.py")
    settings = load_settings([tmp_path], overrides=Options(extend_exclude=("legacy",)))
    gone = [tmp_path / name for name in ("app/__init__.py", "app/models.py", "legacy/old.py", "notes.txt", "page.html")]
    files = discover_earlier([tmp_path / "app" / "views.py"], gone, settings, paths=[], is_file=lambda path: path in gone)
    assert [(file.name, file.module, file.is_package) for file in files] == [
        ("app/__init__.py", "app", True),
        ("app/models.py", "app.models", False),
        ("app/views.py", "app.views", False),
        ("page.html", "", False),
    ]
    assert all(file.reported for file in files)


def test_without_a_project_only_what_was_asked_for_was_there(tmp_path: Path) -> None:
    tree(tmp_path, "app/views.py", "lib/x.py")
    settings = load_settings([tmp_path / "app"], isolated=True)
    gone = [tmp_path / "app" / "models.py", tmp_path / "lib" / "y.py"]
    files = discover_earlier([tmp_path / "app" / "views.py"], gone, settings, paths=[tmp_path / "app"], is_file=Path.is_file)
    assert names(files) == ["models.py", "views.py"]
