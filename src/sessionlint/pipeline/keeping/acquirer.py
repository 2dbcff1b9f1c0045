"""What `check` can say of a project besides findings. Entry point: `acquirer_to_name`."""

from __future__ import annotations

import msgspec

from sessionlint.pipeline.result import Run
from sessionlint.source import Location


class Acquirer(msgspec.Struct, frozen=True):
    """Something that hands out sessions: where, and the evidence."""

    at: Location
    evidence: str


def acquirer_to_name(run: Run) -> Acquirer | None:
    """What hands out most sessions and is no acquirer yet, where SES101 would report the calls."""
    if run.keeper is None:
        return _found(run)
    return run.keeper.answer("acquirer", Acquirer | None, lambda: _found(run))


def _found(run: Run) -> Acquirer | None:
    from sessionlint.check import is_selected
    from sessionlint.survey import unknown_acquirers

    if not is_selected(run.settings, "SES101"):
        return None
    found = unknown_acquirers(run.program, run.events, run.settings)
    most = max(found, key=lambda proposal: proposal.times, default=None)
    return Acquirer(most.at, most.evidence) if most is not None else None
