"""What is said of options that are wrong, and where."""

from __future__ import annotations

from pathlib import Path

import pytest

from sessionlint.config import load_settings
from sessionlint.config.options import row_of
from sessionlint.source import SessionlintError


@pytest.mark.parametrize(
    ("toml", "message"),
    [
        ('select = "SES1"', "`select` must be an array of strings, not a string"),
        ("select = [1]", "`select` may hold only strings, not an integer"),
        ("baseline = 3", "`baseline` must be a string, not an integer"),
        ("force-exclude = 'yes'", "`force-exclude` must be `true` or `false`, not a string"),
        ("sessions = []", "`sessions` must be a table, not an array"),
        ("sessions.acquirers = 'x'", "`sessions.acquirers` must be an array of strings, not a string"),
        ('per-file-ignores = { "a.py" = "SES1" }', "`per-file-ignores` may hold only arrays of strings, not a string"),
        ('migrate.phases = [{ name = "x" }]', "`migrate.phases` lacks the key `paths`"),
        ('slect = ["x"]', "unknown key `slect` (did you mean `select`?)"),
        ("extend_select = []", "unknown key `extend_select` (did you mean `extend-select`?)"),
        ("sessions.aquirers = []", "unknown key `sessions.aquirers` (did you mean `sessions.acquirers`?)"),
        ('migrate.phases = [{ nam = "x" }]', "unknown key `migrate.phases.nam` (did you mean `migrate.phases.name`?)"),
        ("lint.select = []", "unknown key `lint` (there is no such table here as in ruff: its keys stand at the top)"),
        ("select = = 3", "not valid TOML: Invalid value"),
        ("extend = 'x.toml'", "`extend` belongs in a file"),
    ],
)
def test_wrong_option(toml: str, message: str, tmp_path: Path) -> None:
    with pytest.raises(SessionlintError) as caught:
        load_settings([tmp_path], isolated=True, config=(toml,))
    assert str(caught.value) == f"--config `{toml}`: {message}"


def test_a_key_like_no_other_is_answered_with_all_known_ones(tmp_path: Path) -> None:
    with pytest.raises(SessionlintError, match="known keys are `baseline`, `cache`, `cache-dir`"):
        load_settings([tmp_path], isolated=True, config=("zzzzz = 1",))


@pytest.mark.parametrize(
    ("text", "row"),
    [
        ("[tool.ruff]\nselect = []\n\n[tool.sessionlint]\n\nselect = 3\n", 6),
        ("[tool.sessionlint.sessions]\naquirers = []\n", 2),
        ("[tool]\nsessionlint.sessions.acquirers = 3\n", 2),
        ("[tool.sessionlint]\nsessions = { acquirers = 3 }\n", 2),
        ('[tool.sessionlint]\nselect = [\n  "SES1",\n  3,\n]\n', 2),
        ("[[tool.sessionlint.migrate.phases]]\nname = 3\npaths = []\n", 2),
        ('[tool.sessionlint]\n"select" = 3\n', 2),
        ("[tool.sessionlint]\nselect = [\n", 2),
    ],
)
def test_the_row_of_what_is_wrong(text: str, row: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "pyproject.toml").write_text(text)
    monkeypatch.chdir(tmp_path)
    with pytest.raises(SessionlintError) as caught:
        load_settings([Path()])
    assert (caught.value.file, caught.value.row) == ("pyproject.toml", row)


def test_a_key_that_is_nowhere_has_no_row() -> None:
    assert row_of("[tool.sessionlint]\n", "select", "tool.sessionlint") == 0
