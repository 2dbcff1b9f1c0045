"""Of which entries a run can tell whether their finding is still there."""

from __future__ import annotations

from pathlib import Path

import pytest

from sessionlint.baseline import Entry, Examined
from sessionlint.baseline.examination import FROM_DECLARATIONS
from sessionlint.check import Identity, all_rules
from sessionlint.config import load_settings
from sessionlint.pipeline import run
from sessionlint.solve import Events

APP = Path(__file__).parents[2] / "fixtures" / "apps" / "flask_platform"
CODES = frozenset({"SES101", "SES301", "SES406"})


def _names(name: str) -> frozenset[str]:
    return frozenset({name} if name else ())


def examined(broken: str = "", unseen: str = "") -> Examined:
    names = frozenset({"app.py", "queries.py", "large.py"})
    return Examined(CODES, names, _names(broken), _names(unseen), lambda name: name == "gone.py", lambda name, code: code == "SES406")


@pytest.mark.parametrize(
    ("rule", "path", "files", "run", "expected"),
    [
        ("SES101", "app.py", (), examined(), True),
        ("SES102", "app.py", (), examined(), False),
        ("SES406", "app.py", (), examined(), False),
        ("SES101", "gone.py", (), examined(), True),
        ("SES101", "elsewhere.py", (), examined(), False),
        ("SES301", "app.py", ("queries.py",), examined(), True),
        ("SES301", "app.py", ("queries.py",), examined(broken="queries.py"), False),
        ("SES301", "app.py", ("queries.py",), examined(unseen="queries.py"), False),
        ("SES301", "app.py", (), examined(unseen="large.py"), True),
        ("SES101", "app.py", (), examined(unseen="app.py"), True),
        ("SES101", "app.py", (), examined(broken="app.py"), False),
    ],
)
def test_what_is_covered(rule: str, path: str, files: tuple[str, ...], run: Examined, expected: bool) -> None:
    assert run.covers(Entry(Identity(rule=rule, path=path, files=files), "0" * 16)) is expected


def test_suppressions_are_judged_by_the_rules_that_they_name() -> None:
    def covers(evidence: str, run: Examined) -> bool:
        return run.covers(Entry(Identity(rule="SES002", path="app.py", evidence=evidence), "0" * 16))

    assert covers("ignore[SES101, SES301]", examined()) is True
    assert covers("ignore[SES101, SES102]", examined()) is False
    assert covers("ignore[SES1]", examined()) is False
    assert covers("ignore[SES101, SES301]", examined(unseen="large.py")) is False


def test_rules_of_declarations_walk_no_paths() -> None:
    done = run([APP], load_settings([APP], isolated=True))
    found = {rule.code: list(rule.check(done.program, Events(()))) for rule in all_rules() if rule.code in FROM_DECLARATIONS}
    assert found == {rule.code: list(rule.check(done.program, done.events)) for rule in all_rules() if rule.code in FROM_DECLARATIONS}
    assert found.keys() == FROM_DECLARATIONS
    assert len(found["SES101"]) > 50
