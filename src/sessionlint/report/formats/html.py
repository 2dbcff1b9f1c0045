"""`html`: one page that needs nothing else: by rule and by file, each finding with its lines of source and its story.

Nothing in it runs: no script, no address is loaded. Everything that comes from the scanned files is escaped by Jinja, after `printable`.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import TextIO

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from sessionlint import __version__
from sessionlint.check import HOMEPAGE, Finding, url_of
from sessionlint.report import html as folder
from sessionlint.report.findings.entries import Entry, entries
from sessionlint.report.findings.excerpt import ExcerptLine, excerpt
from sessionlint.report.findings.statistics import counted
from sessionlint.report.findings.story import StoryStep, story
from sessionlint.report.printable import printable
from sessionlint.report.view import View, write


@dataclass(frozen=True, slots=True)
class Card:
    """A finding as the page shows it; `anchor` is what links to it name; `fix` says how `--fix` would mend it, or why it would not."""

    anchor: str
    entry: Entry
    place: str
    url: str
    lines: tuple[ExcerptLine, ...]
    steps: tuple[StoryStep, ...]
    help: str
    fix: str
    is_fixable: bool


def render(view: View, out: TextIO) -> None:
    """All findings; the silenced and known ones folded away at the end."""
    cards = [_card(view, number, entry) for number, entry in enumerate(entries(view), 1)]
    reported = [card for card in cards if card.entry.is_reported]
    template = _environment().get_template("report.html.jinja")
    page = template.render(
        version=__version__,
        homepage=HOMEPAGE,
        files=len(view.files),
        root=view.root.name,
        reported=reported,
        by_file=[(view.filename(name), list(group)) for name, group in groupby(reported, key=lambda card: card.entry.finding.at.file)],
        by_rule=[(count, [card for card in reported if card.entry.finding.code == count.code]) for count in counted(view)],
        others=[card for card in cards if not card.entry.is_reported],
        url_of=url_of,
    )
    write(out, page)


def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(Path(folder.__file__).parent),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["printable"] = printable
    return environment


def _card(view: View, number: int, entry: Entry) -> Card:
    finding = entry.finding
    return Card(
        f"f{number}",
        entry,
        view.place(finding.at),
        url_of(finding.code),
        excerpt(view, finding.at, before=2, after=1),
        tuple(story(view, finding)),
        view.help(finding),
        _fix(view, finding),
        view.is_fixable(finding),
    )


def _fix(view: View, finding: Finding) -> str:
    if finding.fix is not None:
        return f"{finding.fix.applicability.value}: {printable(finding.fix.message)}"
    why = view.refusal(finding)
    return f"none: {why}" if why else ""
