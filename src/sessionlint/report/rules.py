"""The pages of rules: Markdown rendered on a terminal, plain Markdown elsewhere, or JSON. Entry point: `report_rules`."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TextIO

from sessionlint.check import Rule, documentation, error_page_of, url_of

_WIDEST = 100
_STYLES = {"markdown.code": "cyan", "markdown.h2": "bold"}
"""Without a background, and in colours that can be read on a light terminal as on a dark one."""
_FIX = {"None": "Fix is not available.", "Sometimes": "Fix is sometimes available."}


@dataclass(frozen=True, slots=True)
class RuleFix:
    """What mends findings of a rule. Every codemod leaves places alone that it cannot prove to be harmless, so that no fix is always
    available."""

    codemods: tuple[str, ...]
    commands: tuple[str, ...]

    @property
    def availability(self) -> str:
        """As in ruff."""
        return "Sometimes" if self.codemods else "None"


def fix_of(rule: Rule) -> RuleFix:
    """The codemods that mend a rule's findings, and the commands that run them."""
    from sessionlint.rewrite import all_codemods  # slow to import, and `check` without `--fix` never needs it

    found = [codemod for codemod in all_codemods() if rule.code in codemod.fixes]
    commands = (["check --fix"] if any(codemod.is_local for codemod in found) else []) + (["migrate"] if found else [])
    return RuleFix(tuple(codemod.name for codemod in found), tuple(commands))


def report_rules(rules: Sequence[Rule], format: str, out: TextIO, *, is_list: bool) -> None:
    """Write the pages to `out`; `format` is `text` or `json`, which is an array if `is_list`."""
    if format == "json":
        pages = [_fields(rule) for rule in rules]
        out.write(json.dumps(pages if is_list else pages[0], indent=2, ensure_ascii=False) + "\n")
        return
    text = "\n".join(page(rule) for rule in rules)
    if not out.isatty() or os.environ.get("TERM") == "dumb":
        out.write(text)
        return
    from rich.console import Console  # rich's Markdown is slow to import, and `check` never needs it
    from rich.markdown import Markdown
    from rich.theme import Theme

    console = Console(file=out, theme=Theme(_STYLES))
    console.print(Markdown(text, code_theme="ansi_light"), width=min(console.width, _WIDEST))


def page(rule: Rule) -> str:
    """A rule's page as Markdown."""
    found = documentation(rule)
    default = "on by default" if rule.default or rule.is_of_run else "off by default"
    facts = f"Since {rule.since}, {default}. {_fix_sentence(fix_of(rule))}"
    return f"# {rule.name} ({rule.code})\n\n{found.summary}\n\n{facts}\n\n{found.markdown()}"


def _fix_sentence(fix: RuleFix) -> str:
    if not fix.codemods:
        return _FIX["None"]
    names = ", ".join(f"`{name}`" for name in fix.codemods)
    commands = " and ".join(f"`sessionlint {command}`" for command in fix.commands)
    return f"{_FIX[fix.availability]} Codemod {names}, run by {commands}."


def _fields(rule: Rule) -> dict[str, object]:
    found, fix = documentation(rule), fix_of(rule)
    return {
        "name": rule.name,
        "code": rule.code,
        "linter": "sessionlint",
        "summary": found.summary,
        "message_formats": list(rule.message_formats),
        "fix": _FIX[fix.availability],
        "fix_availability": fix.availability,
        "explanation": found.markdown(),
        "preview": False,
        "since": rule.since,
        "default": rule.default,
        "severity": rule.severity,
        "codemods": list(fix.codemods),
        "commands": list(fix.commands),
        "url": url_of(rule.code),
        "error_url": error_page_of(rule.code),
    }
