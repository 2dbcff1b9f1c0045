"""Which formats there are, and one run in one of them. The folder `formats/` is the registry: `NAME.py` adds `--output-format NAME`."""

from __future__ import annotations

import hashlib
import importlib
import os
import pkgutil
import shutil
from collections.abc import Sequence
from difflib import get_close_matches
from types import ModuleType
from typing import TextIO

from sessionlint.check import Finding
from sessionlint.config import Settings
from sessionlint.pipeline import Run
from sessionlint.report import formats as folder
from sessionlint.report.findings.statistics import counted
from sessionlint.report.view import View
from sessionlint.source import SessionlintError


def formats() -> tuple[str, ...]:
    """The names of all formats, sorted."""
    return tuple(sorted(module.name.replace("_", "-") for module in pkgutil.iter_modules(folder.__path__)))


def known_format(name: str, *, file: str = "", row: int = 0) -> str:
    """`name`, if there is such a format. Raises `SessionlintError` with the nearest one otherwise, for the place that names it."""
    if name in formats():
        return name
    close = get_close_matches(name, formats(), n=1)
    hint = f"did you mean `{close[0]}`?" if close else f"one of {', '.join(formats())}"
    raise SessionlintError(f"unknown output format `{name}`", file=file, row=row, hint=hint)


def report(
    run: Run,
    format: str,
    out: TextIO,
    *,
    color: str = "auto",
    summary: bool = True,
    width: int | None = None,
    unsafe_fixes: bool = False,
) -> None:
    """Write the findings of `run` to `out`.

    `color` is `auto`, `always` or `never`; without `summary` the text formats leave out their last lines; lines of source are cut to
    `width` (by default the terminal's, and not at all elsewhere); with `unsafe_fixes` those count as fixes that `--fix` applies. Raises
    `SessionlintError` for an unknown format.
    """
    module = _module(known_format(format))
    if width is None:
        width = shutil.get_terminal_size().columns if out.isatty() else 0
    view = View(
        run.findings,
        run.files,
        run.sources,
        root=run.settings.root,
        is_colored=is_colored(color, out),
        has_summary=summary,
        width=width,
        is_absolute=run.is_absolute,
        suppressed=run.suppressed,
        baselined=run.baselined,
        has_baseline=bool(run.baseline),
        takes_unsafe=unsafe_fixes,
        settings_hash=_digest(run.settings),
    )
    module.render(view, out)


def has_statistics(format: str) -> bool:
    """Whether the format can show how many findings each rule made."""
    return hasattr(_module(known_format(format)), "render_statistics")


def check_statistics(format: str) -> None:
    """Raises `SessionlintError` for a format that cannot show how many findings each rule made."""
    if not has_statistics(format):
        able = ", ".join(name for name in formats() if has_statistics(name))
        raise SessionlintError(f"`--statistics` does not go with `--output-format {format}`", hint=f"it goes with {able}")


def report_statistics(findings: Sequence[Finding], format: str, out: TextIO, *, unsafe_fixes: bool = False) -> None:
    """Write how many findings each rule made. Raises `SessionlintError` for a format that cannot show that."""
    check_statistics(format)
    _module(format).render_statistics(counted(findings, takes_unsafe=unsafe_fixes), out)


def _digest(settings: Settings) -> str:
    """Of what decides on what is found, and of nothing else."""
    deciding = (settings.files, settings.sessions, settings.lint, settings.migrate)
    return hashlib.blake2b(repr(deciding).encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()


def _module(format: str) -> ModuleType:
    return importlib.import_module(f"{folder.__name__}.{format.replace('-', '_')}")


def is_colored(color: str, out: TextIO) -> bool:
    """Whether `--color` means colours on this stream; `auto` goes by NO_COLOR, FORCE_COLOR and whether it is a terminal."""
    if color != "auto":
        return color == "always"
    if os.environ.get("NO_COLOR"):
        return False
    return bool(os.environ.get("FORCE_COLOR")) or (out.isatty() and os.environ.get("TERM") != "dumb")
