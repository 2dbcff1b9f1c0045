"""The plan as a table, JSON or Markdown. Entry point: `report_plan`."""

from __future__ import annotations

import json
from typing import TextIO

from rich.console import Console
from rich.table import Table

from sessionlint.rewrite import Plan, PlannedSite


def report_plan(plan: Plan, format: str, out: TextIO) -> None:
    """Write the plan to `out`; `format` is `table`, `json` or `markdown`."""
    {"json": _json, "markdown": _markdown}.get(format, _table)(plan, out)


def _totals(plan: Plan) -> tuple[int, int, int]:
    can = sum(site.can for site in plan.sites)
    return len(plan.sites), can, len(plan.sites) - can


def _accepted(plan: Plan) -> str:
    """How many sites stay, by what they are for or because a comment or the configuration says so."""
    count = sum(site.is_accepted for site in plan.sites)
    return f", {count} of them accepted as they are" if count else ""


def _outcome(site: PlannedSite) -> str:
    return site.scope if site.can else f"{'stays' if site.is_accepted else 'cannot'}: {site.reason}"


def _table(plan: Plan, out: TextIO) -> None:
    console = Console(file=out, highlight=False, width=None if out.isatty() else 160)
    for number, phase in enumerate(plan.phases, 1):
        sites = [site for site in plan.sites if site.phase == number]
        if sites:
            can = sum(site.can for site in sites)
            table = Table(title=f"Phase {number}: {phase} ({can} of {len(sites)})", title_justify="left", title_style="bold", expand=False)
            for column in ("Site", "Function", "Strategy", "Becomes"):
                table.add_column(column, overflow="fold")
            for site in sites:
                style = None if site.can else "yellow"
                table.add_row(f"{site.file}:{site.row}", site.function, site.strategy, _outcome(site), style=style)
            console.print(table)
    table = Table(title="Direct acquisitions by file", title_justify="left", title_style="bold")
    for column in ("File", "Direct", "Can", "Cannot"):
        table.add_column(column, justify="left" if column == "File" else "right")
    for file, count in plan.counts().items():
        can = sum(site.can for site in plan.sites if site.file == file)
        table.add_row(file, str(count), str(can), str(count - can))
    every, can, cannot = _totals(plan)
    table.add_section()
    table.add_row("total", str(every), str(can), str(cannot))
    console.print(table)


def _json(plan: Plan, out: TextIO) -> None:
    every, can, cannot = _totals(plan)
    document = {
        "schema_version": 1,
        "phases": [{"number": n, "name": name, "sites": sum(s.phase == n for s in plan.sites)} for n, name in enumerate(plan.phases, 1)],
        "files": [
            {"filename": file, "acquisitions": count, "can": sum(s.can for s in plan.sites if s.file == file)}
            for file, count in plan.counts().items()
        ],
        "sites": [
            {
                "filename": site.file,
                "row": site.row,
                "function": site.function,
                "phase": site.phase,
                "strategy": site.strategy if site.can else "cannot",
                "kind": site.strategy,
                "scope": site.scope or None,
                "accepted": site.is_accepted,
                "refusal": None if site.can else {"code": site.code, "message": site.reason},
            }
            for site in plan.sites
        ],
        "total": {"acquisitions": every, "can": can, "cannot": cannot, "accepted": sum(site.is_accepted for site in plan.sites)},
    }
    out.write(json.dumps(document, indent=2) + "\n")


def _markdown(plan: Plan, out: TextIO) -> None:
    every, can, cannot = _totals(plan)
    out.write(f"# Session migration\n\n{every} direct acquisitions: {can} can be migrated, {cannot} cannot{_accepted(plan)}.\n")
    out.write("\n| File | Direct acquisitions | Can | Cannot |\n|---|---:|---:|---:|\n")
    for file, count in plan.counts().items():
        able = sum(site.can for site in plan.sites if site.file == file)
        out.write(f"| `{file}` | {count} | {able} | {count - able} |\n")
    for number, phase in enumerate(plan.phases, 1):
        sites = [site for site in plan.sites if site.phase == number]
        if sites:
            out.write(f"\n## Phase {number}: {phase}\n\n| Site | Function | Strategy | Becomes |\n|---|---|---|---|\n")
            for site in sites:
                outcome = f"`{site.scope}`" if site.can else _outcome(site).replace("|", "\\|")
                out.write(f"| `{site.file}:{site.row}` | `{site.function}` | {site.strategy} | {outcome} |\n")
