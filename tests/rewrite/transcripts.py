"""What a program prints, raises, leaves open and writes: each runs in a fork of a process that has imported the libraries once.

As a script, reads one JSON object a line, `{"project": path, "scratch": path}`, and answers with one a line. `transcript` is the other end.
"""

from __future__ import annotations

import asyncio
import gc
import importlib
import inspect
import io
import json
import os
import subprocess
import sys
import tempfile
import warnings
from contextlib import redirect_stderr, redirect_stdout, suppress
from functools import cache
from pathlib import Path
from typing import Any

LIBRARIES = "sqlalchemy.ext.asyncio sqlalchemy.orm flask flask_login fastapi.testclient aiosqlite unittest.mock"
Answer = dict[str, Any]


def _rows(connection: Any) -> dict[str, list[str]]:
    from sqlalchemy import inspect as inspection

    tables = sorted(inspection(connection).get_table_names())
    return {table: sorted(str(tuple(row)) for row in connection.exec_driver_sql(f'SELECT * FROM "{table}"')) for table in tables}


async def _asynchronous(started: Any, engine: Any, answer: Answer) -> None:
    from sqlalchemy.ext.asyncio import close_all_sessions

    try:
        await started
    except BaseException as error:
        _note(error, answer)
    gc.collect()
    answer["checkedout"] = engine.sync_engine.pool.checkedout()
    await close_all_sessions()
    async with engine.connect() as connection:
        answer["tables"] = await connection.run_sync(_rows)
    await engine.dispose()


def _note(error: BaseException, answer: Answer) -> None:
    answer.update(outcome=type(error).__name__, error=str(error)[:300])


def _executed(project: Path, answer: Answer) -> None:
    """Import the program, call its `main`, then look at the pool and the tables of its `ENGINE`."""
    from sqlalchemy.orm import close_all_sessions

    sys.path.insert(0, str(project))
    module = None
    try:
        module = importlib.import_module("main")
        returned = module.main()
    except BaseException as error:
        _note(error, answer)
        returned = None
    engine = getattr(module, "ENGINE", None)
    if inspect.iscoroutine(returned):
        asyncio.run(_asynchronous(returned, engine, answer))
    elif engine is not None:
        gc.collect()
        answer["checkedout"] = engine.pool.checkedout() if hasattr(engine.pool, "checkedout") else 0
        close_all_sessions()
        with engine.connect() as connection:
            answer["tables"] = _rows(connection)


def _in_child(project: Path, scratch: Path, out: int) -> None:
    """What a fork does; it never returns."""
    tempfile.tempdir = str(scratch)
    os.chdir(scratch)
    warnings.simplefilter("ignore")
    answer: Answer = {"outcome": "ok", "error": None, "checkedout": 0, "tables": {}}
    printed = io.StringIO()
    with suppress(BaseException), redirect_stdout(printed), redirect_stderr(io.StringIO()):
        _executed(project, answer)
    with os.fdopen(out, "w") as stream:
        json.dump(answer | {"stdout": printed.getvalue().strip("\n")}, stream)
    os._exit(0)


def _serve() -> None:
    for name in LIBRARIES.split():
        importlib.import_module(name)
    for line in sys.stdin:
        request = json.loads(line)
        reading, writing = os.pipe()
        if (child := os.fork()) == 0:
            os.close(reading)
            _in_child(Path(request["project"]), Path(request["scratch"]), writing)
        os.close(writing)
        with os.fdopen(reading) as stream:
            print(stream.read(), flush=True)
        os.waitpid(child, 0)


@cache
def _server() -> subprocess.Popen[str]:
    """The one server of this test run. It ends with its standard input, that is with the tests."""
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"} | {"PYTHONHASHSEED": "0"}
    return subprocess.Popen([sys.executable, "-B", __file__], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment)


def transcript(project: Path, scratch: Path) -> Answer:
    """How the program in a folder ran. What it writes to temporary files goes to `scratch`."""
    server = _server()
    assert server.stdin is not None
    assert server.stdout is not None
    server.stdin.write(json.dumps({"project": str(project), "scratch": str(scratch)}) + "\n")
    server.stdin.flush()
    answer = server.stdout.readline().strip()
    assert answer, "the program ended without an answer"
    result: Answer = json.loads(answer)
    return result


if __name__ == "__main__":
    _serve()
