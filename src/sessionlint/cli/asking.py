"""`migrate --interactive`: each change with the story behind it, and a question. Entry point: `chosen`."""

from __future__ import annotations

import io
import sys
from dataclasses import replace
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from sessionlint.pipeline import Run
    from sessionlint.rewrite import Migration, Outcome
    from sessionlint.rewrite.apply import Applied, Key

ANSWERS = {
    "y": "make this change",
    "n": "leave this one",
    "a": "make this and all later changes in this file",
    "s": "leave this and all later changes in this file",
    "q": "leave this and all others; what was chosen so far is made",
    "?": "print this",
}


def chosen(done: Run, result: Migration, *, color: str) -> frozenset[Key]:
    """The outcomes of `result` that the user wants, by key. The end of standard input counts as `q`."""
    together: dict[Applied, list[Outcome]] = {}
    for outcome in result.migrated:
        if outcome.applied is not None:
            together.setdefault(outcome.applied, []).append(outcome)
    wanted: set[Key] = set()
    by_file: dict[str, str] = {}
    for number, (applied, outcomes) in enumerate(together.items(), 1):
        file = outcomes[0].file
        answer = by_file.get(file, "")
        if not answer:
            _show(done, applied, outcomes, f"{number}/{len(together)}", color)
            answer = _asked()
        if answer in "as":
            by_file[file] = answer = {"a": "y", "s": "n"}[answer]
        if answer == "q":
            break
        if answer == "y":
            wanted.update(outcome.key for outcome in outcomes)
    return frozenset(wanted)


def _show(done: Run, applied: Applied, outcomes: list[Outcome], number: str, color: str) -> None:
    from sessionlint.report import report
    from sessionlint.report.patch import write_patch

    places = {(outcome.rule, outcome.file, outcome.row) for outcome in outcomes}
    found = tuple(f for f in done.findings if (f.code, f.at.file, f.at.range.row) in places)
    story, patch = io.StringIO(), io.StringIO()
    report(replace(done, findings=found), "full", story, color=color, summary=False)
    write_patch(applied.changes(), done.settings.root, patch)
    click.echo(story.getvalue(), nl=False)
    click.echo(f"{number} {outcomes[0].codemod}: {applied.proposal.message} ({applied.proposal.applicability.value})")
    click.echo(patch.getvalue(), nl=False)


def _asked() -> str:
    while True:
        click.echo(f"Make this change [{','.join(ANSWERS)}]? ", nl=False)
        line = sys.stdin.readline()
        answer = line.strip().lower()[:1] if line else "q"
        if not line:
            click.echo()
        if answer in ANSWERS and answer != "?":
            return answer
        for letter, meaning in ANSWERS.items():
            click.echo(f"{letter} - {meaning}")
