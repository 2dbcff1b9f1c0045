"""What `check` says of fixes without making any; what was put together for the same findings before is not put together again. Entry point:
`with_offers`."""

from __future__ import annotations

import hashlib
from dataclasses import replace

from msgspec.structs import replace as changed

from sessionlint.check.finding import Finding, Fix, FixRefused
from sessionlint.pipeline.result import Run

_Offer = tuple[Fix | None, FixRefused | None]


def with_offers(run: Run) -> Run:
    """The run with what `--fix` would do about each finding, or why it would not; nothing is verified, which would take as long again."""
    if not run.findings:
        return run
    if run.keeper is None:
        return replace(run, findings=_offered(run))
    offers = run.keeper.answer(f"offers {_key(run)}", tuple[_Offer, ...], lambda: [(one.fix, one.fix_refused) for one in _offered(run)])
    pairs = zip(run.findings, offers, strict=True)
    return replace(run, findings=tuple(changed(one, fix=fix, fix_refused=refused) for one, (fix, refused) in pairs))


def _offered(run: Run) -> tuple[Finding, ...]:
    from sessionlint.rewrite import offered

    return offered(run.program, run.settings, run.sources, run.findings, (*run.baselined, *run.withheld))


def _key(run: Run) -> str:
    """All that decides on what is offered besides the program: what the findings are, and which files may be written to."""
    fixes = replace(run.settings.fixes, fix=False, fix_only=False, show_fixes=False, unsafe=None)
    spared = [name for name, file in run.files.items() if not (file.reported and file.may_change)]
    found = [[finding.fingerprint for finding in each] for each in (run.findings, run.baselined, run.withheld)]
    return hashlib.blake2b(repr((fixes, run.settings.migrate, spared, found)).encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()
