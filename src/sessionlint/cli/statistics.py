"""How many findings each rule made, most frequent first, as text or in ruff's JSON."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    from sessionlint.check import Finding


class Count(msgspec.Struct):
    """One rule's line; ruff's field names. `fixable` says that all its findings have a fix, `fixable_count` how many do."""

    code: str
    name: str
    count: int
    fixable: bool
    fixable_count: int


def statistics(findings: Sequence[Finding], *, as_json: bool) -> str:
    """The counts, ready to be printed."""
    by_rule: dict[tuple[str, str], list[Finding]] = defaultdict(list)
    for finding in findings:
        by_rule[finding.code, finding.name].append(finding)
    counts = []
    for (code, name), found in sorted(by_rule.items(), key=lambda item: (-len(item[1]), item[0])):
        fixable = sum(finding.fix is not None for finding in found)
        counts.append(Count(code, name, len(found), fixable == len(found), fixable))
    if as_json:
        return msgspec.json.format(msgspec.json.encode(counts)).decode() + "\n"
    width = max((len(str(count.count)) for count in counts), default=0)
    return "".join(f"{count.count:>{width}}\t{count.code}\t{'[*] ' if count.fixable else ''}{count.name}\n" for count in counts)
