"""What is to be said of a migration, and of fixes. Entry points: `report_summary`, `report_fixes`."""

from __future__ import annotations

from collections import Counter
from typing import TextIO

from sessionlint.report.printable import printable
from sessionlint.rewrite import NOT_TRUSTED, Migration, Outcome


def report_summary(migration: Migration, out: TextIO, *, written: bool, known: int = 0) -> None:
    """Say what was migrated, of each place that is left where it is and why, and how many findings are `known` to a baseline."""
    for site in migration.left:
        out.write(f"{_place(site)}: left: {printable(site.reason)}\n")
    verb = "Migrated" if written else "Would migrate"
    count, files = len(migration.migrated), len(migration.changes)
    kinds = Counter(site.codemod for site in migration.migrated)
    by_codemod = f" ({', '.join(f'{name} {number}' for name, number in sorted(kinds.items()))})" if kinds else ""
    out.write(f"{verb} {_counted(count, 'site')}{by_codemod} in {_counted(files, 'file')}, left {len(migration.left)}.\n")
    if known:
        out.write(f"{_counted(known, 'finding')} in the baseline left alone; `--include-baselined` takes them along.\n")
    if written and migration.changes:
        out.write("`sessionlint rollback` undoes this.\n")


def report_fixes(migration: Migration, out: TextIO, *, written: bool, each: bool, total: bool, hints: bool) -> None:
    """Say of `each` finding how it was fixed, or why it was not; and in `total`, in ruff's words, how many were; where there are `hints`,
    how many more could be."""
    if each:
        for site in migration.migrated:
            out.write(f"{_place(site)}: {'fixed' if written else 'would be fixed'}: {printable(site.message)}\n")
        for site in migration.left:
            out.write(f"{_place(site)}: not fixed: {printable(site.reason)}\n")
    count = len(migration.migrated)
    hidden = sum(site.code == NOT_TRUSTED for site in migration.left) if hints else 0
    if total and (count or hidden):
        said = f"Fixed {_counted(count, 'error')}" if written else f"Would fix {_counted(count, 'error')}"
        if not count:
            said = "No errors fixed" if written else "No errors would be fixed"
        additional = f"{hidden} {'additional ' if count else ''}{'fix' if hidden == 1 else 'fixes'} available with `--unsafe-fixes`"
        out.write(f"{said}{f' ({additional})' if hidden else ''}.\n")


def _place(site: Outcome) -> str:
    function = f" {site.function}" if site.function else ""
    return f"{printable(site.file)}:{site.row}: {site.rule}{printable(function)}"


def _counted(count: int, what: str) -> str:
    return f"{count} {what}{'s' * (count != 1)}"
