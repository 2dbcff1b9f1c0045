"""Which formats there are, and one run in one of them. The folder `formats/` is the registry: `NAME.py` adds `--output-format NAME`."""

from __future__ import annotations

import hashlib
import importlib
import os
import pkgutil
import shutil
from types import ModuleType
from typing import TYPE_CHECKING, TextIO

from sessionlint.config import Settings
from sessionlint.report import formats as folder
from sessionlint.report.findings.statistics import counted
from sessionlint.report.findings.summary import write_summary
from sessionlint.report.view import View
from sessionlint.source import SessionlintError

if TYPE_CHECKING:
    from sessionlint.pipeline import Run

_WITH_SUMMARY = frozenset({"full", "concise", "grouped"})
_WITHOUT_FIXES = frozenset({"azure", "github", "gitlab", "junit", "pylint"})


def formats() -> tuple[str, ...]:
    """The names of all formats, sorted."""
    return tuple(sorted(module.name.replace("_", "-") for module in pkgutil.iter_modules(folder.__path__)))


def known_format(name: str, *, file: str = "", row: int = 0) -> str:
    """`name`, if there is such a format. Raises `SessionlintError` with the nearest one otherwise, for the place that names it."""
    if name in formats():
        return name
    from difflib import get_close_matches

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
) -> None:
    """Write the findings of `run` to `out`.

    `color` is `auto`, `always` or `never`; without `summary` the text formats leave out their last lines; lines of source are cut to
    `width` (by default the terminal's, and not at all elsewhere). Raises `SessionlintError` for an unknown format.
    """
    if width is None:
        width = shutil.get_terminal_size().columns if out.isatty() else 0
    _module(known_format(format)).render(_view(run, is_colored=is_colored(color, out), summary=summary, width=width), out)


def _view(run: Run, *, summary: bool, is_colored: bool = False, width: int = 0) -> View:
    return View(
        run.findings,
        run.files,
        run.sources,
        root=run.settings.root,
        is_colored=is_colored,
        has_summary=summary,
        width=width,
        is_absolute=run.is_absolute,
        suppressed=run.suppressed,
        baselined=run.baselined,
        has_baseline=bool(run.baseline),
        unexamined=len(run.compared.unexamined) if run.compared is not None else 0,
        takes_unsafe=bool(run.settings.fixes.unsafe),
        hints_at_unsafe=run.settings.fixes.unsafe is None,
        fixed=run.fixed,
        settings_hash=_digest(run.settings),
    )


def has_statistics(format: str) -> bool:
    """Whether the format can show how many findings each rule made."""
    return hasattr(_module(known_format(format)), "render_statistics")


def check_statistics(format: str) -> None:
    """Raises `SessionlintError` for a format that cannot show how many findings each rule made."""
    if not has_statistics(format):
        able = ", ".join(name for name in formats() if has_statistics(name))
        raise SessionlintError(f"`--statistics` does not go with `--output-format {format}`", hint=f"it goes with {able}")


def has_summary(format: str) -> bool:
    """Whether the format ends with how many findings there are, and how many were fixed."""
    return known_format(format) in _WITH_SUMMARY


def shows_fixes(format: str) -> bool:
    """Whether the format has room for how a finding can be fixed, or why it cannot."""
    return known_format(format) not in _WITHOUT_FIXES


def report_statistics(run: Run, format: str, out: TextIO, *, summary: bool = True) -> None:
    """Write how many findings each rule made and, with `summary`, at the end of a text how many that is.

    Raises `SessionlintError` for a format that cannot show that.
    """
    check_statistics(format)
    view = _view(run, summary=summary)
    _module(format).render_statistics(counted(view), out)
    if has_summary(format) and (run.findings or run.fixed or run.baseline):
        write_summary(view, out)


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
