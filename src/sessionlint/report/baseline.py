"""A baseline, and what has become of it, as text or JSON. Entry points: `report_baseline`, `report_update`."""

from __future__ import annotations

import json
from typing import TextIO

from sessionlint.baseline import DEFAULT_NAME, Baseline, Entry, Update
from sessionlint.pipeline import Run
from sessionlint.report.printable import printable


def report_baseline(baseline: Baseline, format: str, out: TextIO) -> None:
    """Write its entries and how many there are of each rule; `format` is `text` or `json`."""
    if format == "json":
        document = {
            "schema_version": 1,
            "filename": baseline.name,
            "entries": [_fields(entry) for entry in baseline.entries],
            "rules": [{"code": code, "count": count} for code, count in baseline.counts().items()],
            "total": len(baseline.entries),
        }
        out.write(json.dumps(document, indent=2) + "\n")
        return
    for entry in baseline.entries:
        out.write(f"{printable(baseline.name)}:{entry.row}: {printable(entry.shown)}\n")
    out.write(f"{_counted(baseline)}\n")


def report_update(update: Update, done: Run, out: TextIO, *, quiet: bool) -> None:
    """Say what has become of it; with `quiet` only what it did not take."""
    baseline = update.baseline
    for finding in update.left:
        out.write(f"{printable(str(finding.at))}: not taken: {finding.code} {printable(finding.message)}\n")
    if quiet:
        return
    for entry in update.dropped:
        out.write(f"{printable(baseline.name)}:{entry.row}: dropped: {printable(entry.shown)}\n")
    for finding in done.findings:
        if finding.code in {"SES001", "SES005"}:
            out.write(f"{printable(str(finding.at))}: stays reported: {finding.code} {printable(finding.message)}\n")
    unknown = len(done.compared.unexamined) if done.compared is not None else 0
    kept = f", {unknown} not examined and kept" if unknown else ""
    out.write(f"{_counted(baseline)}: {len(update.added)} added, {len(update.dropped)} dropped{kept}.\n")
    if baseline.name not in {DEFAULT_NAME, done.settings.baseline}:
        name = printable(baseline.name)
        out.write(f'To have `check` use it, set `baseline = "{name}"`, or run it with `--baseline {name}`.\n')


def _counted(baseline: Baseline) -> str:
    counts = ", ".join(f"{code} {count}" for code, count in baseline.counts().items())
    number = len(baseline.entries)
    return f"{printable(baseline.name)}: {number} {'entry' if number == 1 else 'entries'}" + (f" ({counts})" if counts else "")


def _fields(entry: Entry) -> dict[str, object]:
    identity = entry.identity
    return {
        "code": identity.rule,
        "filename": identity.path,
        "function": identity.function or None,
        "evidence": identity.evidence,
        "statement": identity.statement,
        "queries": list(identity.queries),
        "fingerprint": entry.fingerprint,
        "row": entry.row,
    }
