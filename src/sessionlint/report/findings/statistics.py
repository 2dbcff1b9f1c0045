"""How many findings each rule made, most frequent first."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import TextIO

import msgspec

from sessionlint.check import Finding
from sessionlint.report.view import View


class Count(msgspec.Struct):
    """One rule's line; ruff's field names. `fixable_count` says how many of its findings `--fix` would mend, `fixable` that it is all."""

    code: str
    name: str
    count: int
    fixable: bool
    fixable_count: int


def counted(view: View) -> list[Count]:
    """A line for each rule that found something."""
    by_rule: dict[tuple[str, str], list[Finding]] = defaultdict(list)
    for finding in view.findings:
        by_rule[finding.code, finding.name].append(finding)
    counts = []
    for (code, name), found in sorted(by_rule.items(), key=lambda item: (-len(item[1]), item[0])):
        fixable = sum(view.is_fixable(finding) for finding in found)
        counts.append(Count(code, name, len(found), fixable == len(found), fixable))
    return counts


def write_counts(counts: Sequence[Count], out: TextIO) -> None:
    """As text, as ruff prints it: `[*]` where all can be fixed, `[-]` where some can, and a column for that only if any can."""
    width = max((len(str(count.count)) for count in counts), default=0)
    has_marks = any(count.fixable_count for count in counts)
    for count in counts:
        mark = "[*] " if count.fixable else "[-] " if count.fixable_count else "[ ] "
        out.write(f"{count.count:>{width}}\t{count.code}\t{mark if has_marks else ''}{count.name}\n")
