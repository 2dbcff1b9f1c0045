"""What `check` says besides, a line each: that ruff deletes the project's own suppressions, what `init` would have checked, and which
codes find nothing yet. Entry points: `advise`, `warn_of_reserved`."""

from __future__ import annotations

from collections import Counter
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from sessionlint.config import Settings
    from sessionlint.pipeline import Run


def advise(done: Run, *, is_isolated: bool) -> None:
    """Print what holds for this project, and nothing otherwise. Under `--isolated` nobody wants to hear of configurations."""
    if is_isolated:
        return
    from sessionlint.report.printable import printable

    for line in (*_of_ruff(done), *_of_acquirers(done)):
        click.echo(printable(line), err=True)


def warn_of_reserved(settings: Settings) -> None:
    """A code that is taken but has no rule yet finds nothing: say so, once each."""
    asked = (*settings.lint.select, *settings.lint.extend_select)
    if not asked:
        return
    from sessionlint.check import asked_in_vain, reserved

    for code in asked_in_vain(asked):
        click.echo(f"warning: {code} ({reserved()[code]}) has no rule in this version and reports nothing", err=True)


def _of_ruff(done: Run) -> list[str]:
    """One warning for the configuration of ruff that knows nothing of most of the program's `# noqa: SES…` comments."""
    if not done.noqa:
        return []
    from sessionlint.config.locate import shown_path
    from sessionlint.config.ruff import OURS, Ruff, ruff_of

    near = cache(ruff_of)
    deleting: Counter[Ruff] = Counter()
    for name, codes in done.noqa.items():
        ruff = near(done.files[name].path.parent)
        if ruff is not None:
            deleting[ruff] += sum(not ruff.spares(code) for code in codes)
    for ruff, times in deleting.most_common(1):
        if times:
            what = f"{times} code in `# noqa: {OURS}…`" if times == 1 else f"{times} codes in `# noqa: {OURS}…`"
            add = f'add `lint.external = ["{OURS}"]`, as `sessionlint init --ruff` does'
            does = "ruff deletes" if ruff.deletes else "ruff's RUF102, once it is selected, deletes"
            return [f"warning: {shown_path(ruff.file)}: with `--fix`, {does} {what} of this project as unknown; {add}"]
    return []


def _of_acquirers(done: Run) -> list[str]:
    """A note on what hands out most sessions, in a project that has not said yet what does."""
    settings = done.settings
    is_told = settings.source is not None or "sessions.acquirers" in settings.origins
    if is_told:
        return []
    from sessionlint.pipeline import acquirer_to_name

    most = acquirer_to_name(done)
    if most is None:
        return []
    place = f"{Path(most.at.file).as_posix()}:{most.at.range.row}"
    return [f"note: {place}: {most.evidence}; `sessionlint init` would have SES101 report the calls"]
