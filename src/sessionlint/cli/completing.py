"""What a shell offers for the values of options and arguments: codes, formats, codemods. Read by click's completion, in a process of its
own for each press of the key; nothing here is imported by other commands before it is asked for."""

from __future__ import annotations

import click
from click.shell_completion import CompletionItem


def codes(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Codes of rules and what several begin with, the last of a list that commas separate."""
    from sessionlint.check import all_rules

    before, comma, last = incomplete.rpartition(",")
    names = {rule.code: rule.name for rule in all_rules()}
    groups = {code[:4]: f"all of {code[:4]}" for code in names} if isinstance(param, click.Option) else {}
    known = {**groups, **names, **({"ALL": "all rules"} if isinstance(param, click.Option) else {})}
    return [CompletionItem(f"{before}{comma}{code}", help=known[code]) for code in sorted(known) if code.startswith(last.upper())]


def rules(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Codes of rules, and their names once one has been begun."""
    from sessionlint.check import all_rules

    named = [CompletionItem(rule.name, help=rule.code) for rule in all_rules() if incomplete and rule.name.startswith(incomplete.lower())]
    return [*codes(ctx, param, incomplete), *named]


def output_formats(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Names of formats."""
    from sessionlint.report import formats

    return [CompletionItem(name) for name in formats() if name.startswith(incomplete)]


def codemods(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Names of codemods, each with what it does."""
    from sessionlint.rewrite import all_codemods

    found = {codemod.name: (codemod.__doc__ or "").partition("\n")[0] for codemod in all_codemods()}
    return [CompletionItem(name, help=found[name]) for name in sorted(found) if name.startswith(incomplete)]
