"""`sessionlint rule`: the page of a rule, of a group, or of all."""

from __future__ import annotations

import sys

import click

from sessionlint.cli.completing import rules
from sessionlint.cli.exit_codes import ExitCode


@click.command()
@click.argument("rule", required=False, shell_complete=rules)
@click.option("--all", "everything", is_flag=True, help="All rules.")
@click.option("--output-format", type=click.Choice(["text", "json"]), default="text", help="How the rule is printed (default: text).")
def rule(rule: str | None, everything: bool, output_format: str) -> ExitCode:
    """Explain a rule: what it means, how it fails at run time, a wrong and a right example, what mends it.

    RULE is a rule's code (SES301) or name (detached-lazy-load), or what several codes begin with (SES3).
    """
    from sessionlint.check import all_rules, rules_called
    from sessionlint.report import report_rules

    if everything is (rule is not None):
        raise click.UsageError("give either a rule or `--all`")
    found = all_rules() if rule is None else rules_called(rule)
    is_one = rule is not None and rule.lower() in {found[0].code.lower(), found[0].name}
    report_rules(found, output_format, sys.stdout, is_list=not is_one)
    return ExitCode.CLEAN
