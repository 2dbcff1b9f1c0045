"""Runs the programs of rules' pages, each in a fork of a process that has imported the libraries once, and answers with what they print.

Reads one JSON object a line, `{"folder": path, "first": row}`: the folder holds `main.py` and the `example.py` that it imports, of which
the example begins in that row. An error that ends the program is printed as Python prints it, but for what differs from one run, machine or
version to the next: addresses, folders, carets, the frames of libraries.
"""

from __future__ import annotations

import asyncio
import importlib
import inspect
import io
import os
import re
import sys
import traceback
import warnings
from collections.abc import Iterator
from contextlib import redirect_stdout, suppress
from pathlib import Path
from typing import Any

from case_server import serve

TEMPLATES = ("<template>", ".html")
COMPREHENSIONS = frozenset({"<listcomp>", "<dictcomp>", "<setcomp>"})
"""No frames of their own since Python 3.12."""
CARETS = re.compile(r"[ ^~]+")


class Program:
    """One folder to be run."""

    def __init__(self, folder: Path, first: int) -> None:
        self.folder = folder
        self.first = first

    def run(self) -> None:
        """Import the program, make its data, call its `main`; what goes wrong is printed."""
        try:
            module = importlib.import_module("main")
            example = sys.modules.get("example")
            if hasattr(example, "ENGINE"):
                importlib.import_module("data").fill(example.ENGINE, example.Base.metadata)
            returned = module.main()
            if inspect.iscoroutine(returned):
                asyncio.run(returned)
        except Exception as error:
            print("\n".join(self.told(error)))

    def told(self, error: BaseException) -> Iterator[str]:
        """The traceback: what the example did, and what was done with it if that is where it ended."""
        yield "Traceback (most recent call last):"
        frames = [frame for frame in traceback.extract_tb(error.__traceback__) if frame.name not in COMPREHENSIONS]
        places = [self.place(frame.filename, frame.lineno or 0) for frame in frames]
        first = next((index for index, place in enumerate(places) if place.startswith("example.py")), None)
        if first is None:
            first = max((index for index, place in enumerate(places) if place), default=0)
        is_foreign = False
        for frame, place in list(zip(frames, places, strict=True))[first:]:
            if place:
                file, row = place.split(":")
                yield f'  File "{file}", line {row}, in {frame.name}'
                if frame.line:
                    yield f"    {frame.line}"
            elif not is_foreign:
                yield "  ..."
            is_foreign = not place
        for line in "".join(traceback.format_exception_only(error)).splitlines():
            if not CARETS.fullmatch(line):
                yield line

    def place(self, filename: str, row: int) -> str:
        """A line of the program as its reader knows it; empty for one of a library."""
        path = Path(filename)
        if path.parent == self.folder and path.name in {"example.py", "main.py"}:
            return f"{path.name}:{row - self.first + 1 if path.name == 'example.py' else row}"
        return f"{path.name}:{row}" if filename.endswith(TEMPLATES) else ""

    def warned(self, message: Warning | str, category: type[Warning], filename: str, row: int, *_: Any) -> None:
        """Print a warning."""
        print(f"{self.place(filename, row) or Path(filename).name}: {category.__name__}: {message}")


def normalized(text: str, folder: Path) -> str:
    """The same without what is different the next time."""
    text = re.sub(r"0x[0-9a-f]{6,}", "0x…", text)
    text = re.sub(r"(https://sqlalche\.me/e)/\d+/", r"\1/20/", text)
    text = re.sub(r"%\(\d+ param\)s", "%(… param)s", text)
    text = re.sub(r"(https://errors\.pydantic\.dev)/[\d.]+/", r"\1/…/", text)
    return text.replace(f"{folder}{os.sep}", "")


def executed(request: dict[str, Any]) -> dict[str, Any]:
    """Run one program."""
    folder = Path(request["folder"]).resolve()
    os.chdir(folder)
    sys.path.insert(0, str(folder))
    program = Program(folder, request["first"])
    warnings.simplefilter("ignore")
    for category in (sys.modules["sqlalchemy.exc"].SADeprecationWarning, sys.modules["sqlalchemy.exc"].SAWarning):
        warnings.filterwarnings("always", category=category)
    warnings.showwarning = program.warned
    out = io.StringIO()
    with redirect_stdout(out):
        program.run()
    return {"printed": normalized(out.getvalue(), folder), "held": held()}


def held() -> int:
    """How many connections of the example's engines nobody has given back."""
    example = sys.modules.get("example")
    engines = (getattr(example, name, None) for name in ("ENGINE", "ASYNC_ENGINE"))
    return sum(engine.pool.checkedout() for engine in engines if engine is not None)


if __name__ == "__main__":
    with suppress(ImportError):
        importlib.import_module("sqlalchemy.exc")
    serve(executed)
