"""The pre-commit manifest: every entry is a command that works, with the keys that pre-commit knows."""

from __future__ import annotations

import shlex
from pathlib import Path

import pytest
import yaml

from tests.cli.conftest import Command

MANIFEST = Path(__file__).parents[2] / ".pre-commit-hooks.yaml"
HOOKS = {hook["id"]: hook for hook in yaml.safe_load(MANIFEST.read_text())}


def test_the_hooks() -> None:
    assert list(HOOKS) == ["sessionlint", "sessionlint-fix", "sessionlint-project"]


@pytest.mark.parametrize("name", HOOKS)
def test_an_entry_runs(name: str, sessionlint: Command, project: Path) -> None:
    hook = HOOKS[name]
    program, *arguments = shlex.split(hook["entry"])
    assert (program, hook["language"], hook["types_or"], hook["require_serial"]) == ("sessionlint", "python", ["python"], True)
    files = ["clean.py", "build/ignored.py"] if hook.get("pass_filenames", True) else []
    (project / "build").mkdir()
    (project / "build" / "ignored.py").write_text("def broken(:\n")
    assert sessionlint(*arguments, *hook["args"], *files).returncode == 0
    (project / "clean.py").write_text("def broken(:\n")
    assert sessionlint(*arguments, *hook["args"], *files).returncode == 1
