"""A run, or the rules, to text in the format that the user asks for. It decides nothing."""

from sessionlint.report.reporting import formats, report
from sessionlint.report.rules import page, report_rules

__all__ = ["formats", "page", "report", "report_rules"]
