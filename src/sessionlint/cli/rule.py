"""`sessionlint rule`: a rule's page, or all of them."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from sessionlint.cli.completing import codes
from sessionlint.cli.exit_codes import ExitCode

if TYPE_CHECKING:
    from sessionlint.check import Rule


@click.command()
@click.argument("code", required=False, shell_complete=codes)
@click.option("--all", "everything", is_flag=True, help="All rules.")
@click.option("--output-format", type=click.Choice(["text", "json"]), default="text", help="How the rule is printed (default: text).")
def rule(code: str | None, everything: bool, output_format: str) -> ExitCode:
    """Explain a rule: what it means, why it matters, a wrong and a right example.

    CODE is a rule's code, such as SES301.
    """
    from sessionlint.check import all_rules, rule_of
    from sessionlint.report import report_rules

    if everything is (code is not None):
        raise click.UsageError("give either the code of a rule or `--all`")
    wanted: tuple[Rule, ...] = all_rules() if code is None else (rule_of(code),)
    report_rules(wanted, output_format, sys.stdout, is_list=everything)
    return ExitCode.CLEAN
