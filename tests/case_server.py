"""Runs executable cases, each in a fork of a process that has imported the libraries once. Any Python runs it; it knows no project.

Reads one JSON object a line, `{"main": path, "root": path}`, and answers with one a line: how the program ended, where, and what it holds.
"""

from __future__ import annotations

import asyncio
import importlib
import importlib.util
import inspect
import json
import os
import select
import signal
import sys
import time
import traceback
import warnings
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

LIBRARIES = (
    "sqlalchemy.ext.asyncio sqlalchemy.orm flask flask_login flask_sqlalchemy fastapi.testclient marshmallow sqlmodel aiosqlite jinja2"
)
SECONDS = 60
Execution = Callable[[dict[str, Any]], dict[str, Any]]


def kinds(error: BaseException | None) -> list[str]:
    """The classes of an error and of those that led to it: SQLAlchemy wraps `MissingGreenlet`."""
    names: list[str] = []
    while error is not None:
        names += [kind.__name__ for kind in type(error).__mro__]
        error = error.__cause__ or error.__context__
    return names


def executed(request: dict[str, Any]) -> dict[str, Any]:
    """Import the program and call its `main`."""
    main, root = Path(request["main"]), Path(request["root"])
    warnings.simplefilter("ignore")
    sys.path.insert(0, str(main.parent))
    result: dict[str, Any] = {"outcome": "ok", "names": [], "file": "", "row": 0, "said": "", "missing": ""}
    module = None
    try:
        spec = importlib.util.spec_from_file_location("case_main", main)
        module = importlib.util.module_from_spec(spec)
        sys.modules["case_main"] = module
        spec.loader.exec_module(module)
        returned = module.main()
        if inspect.iscoroutine(returned):
            asyncio.run(returned)
    except Exception as error:
        frames = [frame for frame in traceback.extract_tb(error.__traceback__) if Path(frame.filename).resolve().is_relative_to(root)]
        result.update(outcome=type(error).__name__, names=kinds(error), said=str(error)[:300])
        if isinstance(error, ImportError):
            result["missing"] = error.name or ""
        if frames:
            result.update(file=Path(frames[-1].filename).resolve().relative_to(root).as_posix(), row=frames[-1].lineno)
    engine = getattr(module, "ENGINE", None)
    pool = getattr(getattr(engine, "sync_engine", engine), "pool", None)
    result["held"] = pool.checkedout() if hasattr(pool, "checkedout") else 0
    return result


def in_child(execute: Execution, request: dict[str, Any], answer: int) -> None:
    """What the fork does; it never returns."""
    nowhere = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(nowhere, stream)
    with suppress(BaseException), os.fdopen(answer, "w") as out:
        out.write(json.dumps(execute(request)))
    os._exit(0)


def answered(execute: Execution, request: dict[str, Any]) -> dict[str, Any]:
    """Fork for one case and wait for its answer, not for ever."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reading)
        in_child(execute, request, writing)
    os.close(writing)
    text, deadline = b"", time.monotonic() + SECONDS
    while select.select([reading], [], [], max(0.0, deadline - time.monotonic()))[0]:
        piece = os.read(reading, 65536)
        if not piece:
            break
        text += piece
    else:
        os.kill(child, signal.SIGKILL)
    os.close(reading)
    os.waitpid(child, 0)
    return json.loads(text) if text else {"outcome": "died", "names": [], "said": "the program ended without an answer", "held": 0}


def serve(execute: Execution) -> None:
    """Say which SQLAlchemy this is, then answer until there is no more to read; `execute` is what a fork does with a request."""
    for name in LIBRARIES.split():
        with suppress(ImportError):
            importlib.import_module(name)
    print(json.dumps({"sqlalchemy": sys.modules["sqlalchemy"].__version__}), flush=True)
    for line in sys.stdin:
        print(json.dumps(answered(execute, json.loads(line))), flush=True)


if __name__ == "__main__":
    serve(executed)
