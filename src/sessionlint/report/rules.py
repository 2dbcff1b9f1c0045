"""The pages of rules: Markdown rendered on a terminal, plain Markdown elsewhere, or JSON. Entry point: `report_rules`."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from typing import TextIO

from sessionlint.check import Rule, documentation

_WIDEST = 100


def report_rules(rules: Sequence[Rule], format: str, out: TextIO, *, is_list: bool) -> None:
    """Write the pages to `out`; `format` is `text` or `json`, which is an array if `is_list`."""
    if format == "json":
        pages = [_fields(rule) for rule in rules]
        out.write(json.dumps(pages if is_list else pages[0], indent=2) + "\n")
        return
    text = "\n".join(page(rule) for rule in rules)
    if not out.isatty() or os.environ.get("TERM") == "dumb":
        out.write(text)
        return
    from rich.console import Console  # rich's Markdown is slow to import, and `check` never needs it
    from rich.markdown import Markdown

    console = Console(file=out)
    console.print(Markdown(text), width=min(console.width, _WIDEST))


def page(rule: Rule, level: int = 1) -> str:
    """A rule's page as Markdown, its title a heading of that level."""
    found = documentation(rule)
    facts = [f"Since {rule.since}", "on by default" if rule.default else "off by default"]
    if rule.codemods:
        facts.append("rewritten by `sessionlint migrate`")
    title = f"{'#' * level} {rule.name} ({rule.code})"
    return f"{title}\n\n{found.summary}\n\n{', '.join(facts)}.\n\n{found.markdown(level + 1)}"


def _fields(rule: Rule) -> dict[str, object]:
    found = documentation(rule)
    return {
        "name": rule.name,
        "code": rule.code,
        "linter": "sessionlint",
        "summary": found.summary,
        "message_formats": [],
        "fix": "",
        "fix_availability": "None",
        "explanation": found.markdown(),
        "preview": False,
        "since": rule.since,
        "default": rule.default,
        "codemods": list(rule.codemods),
    }
