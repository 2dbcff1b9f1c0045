"""Which file applies, what wins over what, and where the root is."""

from __future__ import annotations

from pathlib import Path

import pytest

from sessionlint.config import LintSettings, Options, Origin, Phase, by_configuration, load_settings
from sessionlint.config.settings import DEFAULT_EXCLUDE
from sessionlint.source import SessionlintError


def write(path: Path, text: str = "") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return path


def test_names_win_in_order_and_a_pyproject_without_our_table_is_skipped(tmp_path: Path) -> None:
    top = write(tmp_path / "pyproject.toml", '[tool.sessionlint]\nbaseline = "top"\n')
    write(tmp_path / "app" / "pyproject.toml", "[tool.ruff]\n")
    source = write(tmp_path / "app" / "a.py")
    assert load_settings([source]).baseline == "top"
    assert (load_settings([source]).source, load_settings([source]).root) == (top, tmp_path)
    write(tmp_path / "app" / "sessionlint.toml", 'baseline = "plain"\n')
    assert load_settings([source]).baseline == "plain"
    write(tmp_path / "app" / ".sessionlint.toml", 'baseline = "hidden"\n')
    settings = load_settings([source])
    assert (settings.baseline, settings.root, settings.files.is_project) == ("hidden", tmp_path / "app", True)


def test_every_key_arrives(tmp_path: Path) -> None:
    write(
        tmp_path / "sessionlint.toml",
        """
        select = ["SES1", "SES301"]
        extend-select = ["SES304"]
        ignore = ["SES108"]
        per-file-ignores = { "tests/**" = ["SES1"] }
        exclude = ["a"]
        extend-exclude = ["b"]
        respect-gitignore = false
        force-exclude = true
        src = ["lib"]
        baseline = "base.json"
        cache-dir = ".c"
        output-format = "json"
        [sessions]
        acquirers = ["pool.take"]
        closers = ["pool.give"]
        identity-keys = ["who"]
        [migrate]
        routes = "r.r"
        default = "d.d"
        services = "inject"
        [[migrate.phases]]
        name = "Web"
        paths = ["web/**"]
        """,
    )
    settings = load_settings([tmp_path])
    assert settings.lint == LintSettings(("SES1", "SES301"), ("SES304",), ("SES108",), (("tests/**", ("SES1",)),))
    files = settings.files
    assert (files.exclude, files.extend_exclude, files.respect_gitignore, files.force_exclude, files.src) == (
        ("a",),
        ("b",),
        False,
        True,
        ("lib",),
    )
    assert (settings.sessions.acquirers, settings.sessions.closers, settings.sessions.identity_keys) == (
        ("pool.take",),
        ("pool.give",),
        ("who",),
    )
    assert (settings.migrate.routes, settings.migrate.default, settings.migrate.phases) == ("r.r", "d.d", (Phase("Web", ("web/**",)),))
    assert (settings.cache.directory, settings.baseline, settings.output_format) == (".c", "base.json", "json")


def test_origins_name_file_row_and_key(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path / "pyproject.toml", '[tool.sessionlint]\nselect = ["SES1"]\n[tool.sessionlint.sessions]\nacquirers = []\n')
    monkeypatch.chdir(tmp_path)
    settings = load_settings([Path()], config=('ignore = ["SES2"]',), overrides=Options(baseline="x"))
    assert settings.origins["select"] == Origin("pyproject.toml", 2, "select")
    assert settings.origins["sessions.acquirers"] == Origin("pyproject.toml", 4, "sessions.acquirers")
    assert settings.origins["ignore"] == Origin('--config `ignore = ["SES2"]`', 0, "ignore")
    assert settings.origins["baseline"] == Origin("", 0, "baseline")
    assert "exclude" not in settings.origins


@pytest.mark.parametrize(
    ("file", "line", "expected"),
    [
        ('select = ["SES1"]\nignore = ["SES101"]', Options(select=("SES3",)), (("SES3",), (), ())),
        ('ignore = ["SES101"]', Options(ignore=("SES102",)), ((), (), ("SES101", "SES102"))),
        ('ignore = ["SES101", "SES301"]', Options(extend_select=("SES1",)), ((), ("SES1",), ("SES301",))),
        ('ignore = ["SES101"]', Options(extend_select=("ALL",)), ((), ("ALL",), ())),
        ('select = ["SES101", "SES301"]', Options(ignore=("SES1",)), (("SES101", "SES301"), (), ("SES1", "SES101"))),
    ],
)
def test_a_later_layer_wins(
    file: str, line: Options, expected: tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]], tmp_path: Path
) -> None:
    write(tmp_path / "sessionlint.toml", file)
    lint = load_settings([tmp_path], overrides=line).lint
    assert (lint.select, lint.extend_select, lint.ignore) == expected


def test_excludes_of_the_command_line_replace_or_extend(tmp_path: Path) -> None:
    write(tmp_path / "sessionlint.toml", 'exclude = ["a"]\nextend-exclude = ["b"]\n')
    files = load_settings([tmp_path], overrides=Options(exclude=("c",), extend_exclude=("d",))).files
    assert (files.exclude, files.extend_exclude) == (("c",), ("b", "d"))
    assert load_settings([tmp_path], isolated=True).files.exclude == DEFAULT_EXCLUDE


def test_isolated_looks_for_nothing(tmp_path: Path) -> None:
    write(tmp_path / "sessionlint.toml", 'baseline = "x"\n')
    source = write(tmp_path / "app" / "a.py")
    settings = load_settings([source], isolated=True)
    assert (settings.source, settings.baseline, settings.root, settings.files.is_project) == (None, "", tmp_path / "app", False)
    assert not settings.cache.enabled
    assert load_settings([source.parent], isolated=True).cache.enabled


def test_without_configuration_a_marker_makes_the_root(tmp_path: Path) -> None:
    write(tmp_path / "requirements.txt")
    source = write(tmp_path / "app" / "a.py")
    settings = load_settings([source])
    assert (settings.root, settings.files.is_project, settings.cache.enabled) == (tmp_path, True, True)


def test_paths_in_several_directories_share_what_lies_above_them(tmp_path: Path) -> None:
    write(tmp_path / "sessionlint.toml", 'baseline = "shared"\n')
    first, second = write(tmp_path / "a" / "x.py"), write(tmp_path / "b" / "y.py")
    write(tmp_path / "a" / "sessionlint.toml", 'baseline = "of a"\n')
    assert load_settings([first, second]).baseline == "shared"
    assert load_settings([first]).baseline == "of a"


def test_paths_go_by_the_configuration_that_is_nearest_to_each(tmp_path: Path) -> None:
    top = write(tmp_path / "sessionlint.toml")
    inner = write(tmp_path / "a" / "pyproject.toml", "[tool.sessionlint]\n")
    write(tmp_path / "b" / "pyproject.toml", "[tool.ruff]\n")
    x, y, z = (write(tmp_path / name) for name in ("a/b/x.py", "b/y.py", "a/z.py"))
    assert by_configuration([y, x, z, tmp_path]) == {top: [y, tmp_path], inner: [x, z]}
    assert list(by_configuration([y, x, z])) == [top, inner], "in the order of the paths"
    top.unlink()
    assert by_configuration([x, y]) == {inner: [x], None: [y]}


def test_the_top_counts_where_no_configuration_is_found(tmp_path: Path) -> None:
    write(tmp_path / "app" / "requirements.txt")
    source = write(tmp_path / "app" / "a.py")
    named = write(tmp_path / "named.toml")
    assert load_settings([source]).root == tmp_path / "app"
    assert load_settings([source], top=tmp_path).root == tmp_path
    assert load_settings([source], top=tmp_path, config=(str(named),)).root == tmp_path
    assert load_settings([source], top=tmp_path / "elsewhere").root == tmp_path / "app"
    assert not load_settings([source], top=tmp_path, isolated=True).files.is_project
    write(tmp_path / "app" / "sessionlint.toml")
    assert load_settings([source], top=tmp_path).root == tmp_path / "app"


def test_a_named_file_replaces_the_one_that_would_be_found(tmp_path: Path) -> None:
    write(tmp_path / "app" / "sessionlint.toml", 'baseline = "found"\n')
    write(tmp_path / "app" / "setup.py")
    other = write(tmp_path / "other.toml", 'baseline = "named"\n')
    settings = load_settings([tmp_path / "app"], config=(str(other),))
    assert (settings.baseline, settings.source, settings.root) == ("named", other, tmp_path / "app")


def test_extend_goes_beneath(tmp_path: Path) -> None:
    write(tmp_path / "base.toml", 'baseline = "base"\nignore = ["SES1"]\n[sessions]\nacquirers = ["a.b"]\nclosers = ["a.c"]\n')
    write(tmp_path / "sessionlint.toml", 'extend = "base.toml"\nbaseline = "own"\n[sessions]\nclosers = ["x.y"]\n')
    settings = load_settings([tmp_path])
    assert (settings.baseline, settings.lint.ignore) == ("own", ("SES1",))
    assert (settings.sessions.acquirers, settings.sessions.closers) == (("a.b",), ("x.y",))


@pytest.mark.parametrize(
    ("config", "isolated", "message"),
    [
        (("nonsense",), False, "`--config nonsense` is neither a file nor `key = value`"),
        (("one.toml", "two.toml"), False, "`--config` can name only one file (got one.toml and two.toml)"),
        (("one.toml",), True, "`--isolated` and `--config one.toml` exclude each other"),
        (("pyproject.toml",), False, "pyproject.toml: no table `[tool.sessionlint]`"),
        (("circle.toml",), False, "circle.toml:1: `extend` goes in a circle over `circle.toml`"),
        (("lost.toml",), False, "lost.toml:1: `extend` names `gone.toml`, which is not a file"),
        (("latin.toml",), False, "latin.toml: the configuration cannot be read: it is not UTF-8"),
        (("x" * 5000,), False, f"`--config {'x' * 5000}` is neither a file nor `key = value`"),
    ],
)
def test_configuration_that_cannot_be(
    config: tuple[str, ...], isolated: bool, message: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    write(tmp_path / "one.toml")
    write(tmp_path / "two.toml")
    write(tmp_path / "pyproject.toml", "[tool.ruff]\n")
    write(tmp_path / "circle.toml", 'extend = "circle.toml"\n')
    write(tmp_path / "lost.toml", 'extend = "gone.toml"\n')
    (tmp_path / "latin.toml").write_bytes('baseline = "é"\n'.encode("latin-1"))
    with pytest.raises(SessionlintError) as caught:
        load_settings([Path()], isolated=isolated, config=config)
    assert str(caught.value) == message
