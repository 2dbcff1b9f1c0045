"""Every case of `fixtures/codemods`: its command makes `after/` of `before/`, a second time nothing, and what `case.toml` says holds."""

from __future__ import annotations

import importlib.util
import io
import json
import shlex
import shutil
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path

import pytest

from sessionlint.cli import main
from tests.rewrite import judgement
from tests.rewrite.case_format import CACHES, Case, contents, load
from tests.rewrite.judgement import Reported
from tests.rewrite.sites import enclosing
from tests.rewrite.transcripts import transcript

ROOT = Path(__file__).parents[2] / "fixtures" / "codemods"
CASES = sorted(path.parent for path in ROOT.rglob("case.toml"))
NAMES = {
    *("scope", "eager-load", "thread-parameter", "safe-repr", "query-get", "rollback", "redundant-call"),
    *("yield-dependency", "key-not-instance", "safe-template", "view-decorator"),
    *("unused-suppression", "invalid-suppression"),
}


def _ran(arguments: list[str]) -> tuple[str, str]:
    """What a command of ours prints, to both streams. Its status may say that findings are left, but not that it went wrong."""
    out, error = io.StringIO(), io.StringIO()
    with redirect_stdout(out), redirect_stderr(error), pytest.raises(SystemExit) as ended:
        main(arguments)
    assert ended.value.code in (0, 1), error.getvalue()
    return out.getvalue(), error.getvalue()


def _command(case: Case, project: Path) -> str:
    return "".join(_ran(shlex.split(case.command.format(path=shlex.quote(str(project))))))


def _findings(case: Case, project: Path) -> list[Reported]:
    arguments = ["check", "--output-format", "json", "--no-cache", str(project)]
    if not (project / "pyproject.toml").exists():
        arguments.append("--isolated")
    if case.select:
        arguments += ["--extend-select", ",".join(case.select)]
    found = []
    for row in json.loads(_ran(arguments)[0]):
        path = Path(row["filename"]).resolve()
        name = path.relative_to(project).as_posix()
        function = enclosing(path.read_bytes(), row["location"]["row"]) if path.suffix == ".py" else ""
        found.append(Reported(row["code"], name, function))
    return found


def _exists(codemod: str) -> bool:
    return importlib.util.find_spec(f"sessionlint.rewrite.codemods.{codemod.replace('-', '_')}") is not None


@pytest.mark.parametrize("folder", CASES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_case(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    case, project = load(folder), tmp_path.resolve() / "project"
    shutil.copytree(case.before, project, ignore=shutil.ignore_patterns(CACHES))
    monkeypatch.chdir(tmp_path)
    before, reported_before, ran_before = contents(project), _findings(case, project), transcript(project, tmp_path)
    assert (ran_before["outcome"], ran_before["stdout"], ran_before["checkedout"]) == (
        case.outcome,
        case.stdout.strip("\n"),
        case.checkedout,
    )
    if not _exists(folder.parent.name):
        pytest.skip(f"there is no codemod {folder.parent.name} yet")

    said = _command(case, project)
    after = contents(project)
    if case.after.is_dir():
        assert after == contents(case.after)
    problems = [
        *judgement.behaviour(case, ran_before, transcript(project, tmp_path)),
        *judgement.removed(case, reported_before, _findings(case, project)),
        *judgement.explained(case, before, after, said),
        *judgement.preserved(case, before, after),
        *judgement.shape(case, after),
    ]
    assert problems == [], said

    _command(case, project)
    assert contents(project) == after


def test_there_are_cases() -> None:
    assert len(CASES) >= 3
    assert {folder.parent.name for folder in CASES} <= NAMES  # a case under another name would be skipped for ever
