"""The analysis as commands run it: with so many processes as were asked for, and with a progress bar. Entry point: `analysed`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sessionlint.cli.executing import workers_of
from sessionlint.cli.given import is_quiet
from sessionlint.cli.progress import progress_bar

if TYPE_CHECKING:
    from sessionlint.baseline import Baseline
    from sessionlint.config import Settings
    from sessionlint.pipeline import Against, Run, Stdin


def analysed(
    paths: Sequence[Path],
    settings: Settings,
    given: Mapping[str, Any],
    *,
    stdin: Stdin | None = None,
    only_link: bool = False,
    needs_program: bool = False,
    with_offers: bool = False,
    against: Against | None = None,
    baseline: Baseline | None = None,
) -> Run:
    """A run of the pipeline for a command that was `given` these options; `with_offers` it says what fixes there are."""
    from sessionlint import pipeline

    with progress_bar(wanted=not is_quiet(given)) as progress:
        done = pipeline.run(
            paths,
            settings,
            stdin=stdin,
            jobs=workers_of(given),
            progress=progress,
            only_link=only_link,
            needs_program=needs_program,
            against=against,
            baseline=baseline,
        )
        return pipeline.with_offers(done) if with_offers else done
