"""Every executable fixture run against SQLAlchemy, in a process of its own: its outcome is what its header says, on a line that says so."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

import pytest

from tests.cases import Case, cases

PROGRAM = """
import asyncio, importlib.util, inspect, json, sys, traceback, warnings
from pathlib import Path

warnings.simplefilter("ignore")
main, root = Path(sys.argv[1]), Path(sys.argv[2])
sys.path.insert(0, str(main.parent))
result = {"outcome": "ok", "names": [], "file": "", "row": 0, "said": ""}
spec = importlib.util.spec_from_file_location("case_main", main)
module = importlib.util.module_from_spec(spec)
sys.modules["case_main"] = module
try:
    spec.loader.exec_module(module)
    returned = module.main()
    if inspect.iscoroutine(returned):
        asyncio.run(returned)
except Exception as error:
    frames = [frame for frame in traceback.extract_tb(error.__traceback__) if Path(frame.filename).resolve().is_relative_to(root)]
    result.update(outcome=type(error).__name__, names=[kind.__name__ for kind in type(error).__mro__], said=str(error)[:300])
    if frames:
        result.update(file=Path(frames[-1].filename).resolve().relative_to(root).as_posix(), row=frames[-1].lineno)
engine = getattr(module, "ENGINE", None)
pool = getattr(getattr(engine, "sync_engine", engine), "pool", None)
result["held"] = pool.checkedout() if hasattr(pool, "checkedout") else 0
print("\\n@@" + json.dumps(result))
"""


def executed(case: Case) -> dict[str, Any]:
    arguments = [sys.executable, "-B", "-c", PROGRAM, str(case.main.resolve()), str(case.root.resolve())]
    done = subprocess.run(arguments, capture_output=True, text=True, timeout=60, check=False)
    assert "\n@@" in done.stdout, done.stderr
    result: dict[str, Any] = json.loads(done.stdout.rpartition("\n@@")[2])
    return result


def parameters(*, is_static: bool) -> list[object]:
    return [pytest.param(case, id=case.id) for case in cases() if (case.header["outcome"] == "static") is is_static]


@pytest.mark.parametrize("case", parameters(is_static=False))
def test_sqlalchemy_agrees(case: Case) -> None:
    outcome, result = case.header["outcome"], executed(case)
    if outcome in {"ok", "leak"}:
        assert result["outcome"] == "ok", result
        assert outcome == "ok" or result["held"] > 0, "no connection is left checked out"
    else:
        assert outcome in result["names"], result
        assert (result["file"], result["row"]) in {(file, row) for file, row, _ in case.marks("expect")}, result


@pytest.mark.parametrize("case", parameters(is_static=True))
def test_what_cannot_be_run_is_python(case: Case) -> None:
    for path in case.files:
        assert compile(path.read_text(), str(path), "exec") is not None
