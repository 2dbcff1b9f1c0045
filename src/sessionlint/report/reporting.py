"""Which formats there are, and one run in one of them. The folder `formats/` is the registry: `NAME.py` adds `--output-format NAME`."""

from __future__ import annotations

import importlib
import os
import pkgutil
import shutil
from difflib import get_close_matches
from typing import TextIO

from sessionlint.pipeline import Run
from sessionlint.report import formats as folder
from sessionlint.report.view import View
from sessionlint.source import SessionlintError


def formats() -> tuple[str, ...]:
    """The names of all formats, sorted."""
    return tuple(sorted(module.name.replace("_", "-") for module in pkgutil.iter_modules(folder.__path__)))


def report(run: Run, format: str, out: TextIO, *, color: str = "auto", summary: bool = True, width: int | None = None) -> None:
    """Write the findings of `run` to `out`.

    `color` is `auto`, `always` or `never`; without `summary` the text formats leave out their last line; lines of source are cut to `width`
    (by default the terminal's, and not at all elsewhere). Raises `SessionlintError` for an unknown format.
    """
    if format not in formats():
        close = get_close_matches(format, formats(), n=1)
        hint = f"did you mean `{close[0]}`?" if close else f"one of {', '.join(formats())}"
        raise SessionlintError(f"unknown output format `{format}`", hint=hint)
    module = importlib.import_module(f"{folder.__name__}.{format.replace('-', '_')}")
    if width is None:
        width = shutil.get_terminal_size().columns if out.isatty() else 0
    view = View(
        run.findings,
        run.files,
        run.sources,
        is_colored=_is_colored(color, out),
        has_summary=summary,
        width=width,
        is_absolute=run.is_absolute,
        suppressed=run.suppressed,
        baselined=run.baselined,
    )
    module.render(view, out)


def _is_colored(color: str, out: TextIO) -> bool:
    if color != "auto":
        return color == "always"
    if os.environ.get("NO_COLOR"):
        return False
    return bool(os.environ.get("FORCE_COLOR")) or (out.isatty() and os.environ.get("TERM") != "dumb")
