"""A run, or the rules, to text in the format that the user asks for. It decides nothing."""

from typing import TYPE_CHECKING

from sessionlint.report.reporting import (
    check_statistics,
    formats,
    has_statistics,
    has_summary,
    is_colored,
    known_format,
    report,
    report_statistics,
    shows_fixes,
)

if TYPE_CHECKING:
    from sessionlint.report.rules import fix_of, page, report_rules
else:
    from sessionlint.doors import door

    __getattr__ = door(
        __name__,
        {
            "rules": "fix_of page report_rules",
        },
    )

__all__ = [
    "check_statistics",
    "fix_of",
    "formats",
    "has_statistics",
    "has_summary",
    "is_colored",
    "known_format",
    "page",
    "report",
    "report_rules",
    "report_statistics",
    "shows_fixes",
]
