"""What is wrong with a comment that can be read."""

from __future__ import annotations

import re
from collections.abc import Sequence

from sessionlint.check.silencing.matching import ends, meant
from sessionlint.facts import Suppression

_OURS = re.compile(r"SES\d*")


def unknown_codes(suppression: Suppression) -> list[str]:
    """The codes that mean no rule; of those in a `noqa` only the ones that look like ours."""
    found = [code for code in dict.fromkeys(suppression.codes) if not meant(code)]
    if suppression.kind == "noqa":
        return [code for code in found if _OURS.fullmatch(code)]
    return [written(code) for code in found]


def written(code: str) -> str:
    """A code as users write it, or a name."""
    return code.lower() if "-" in code else code


def _meant(suppression: Suppression) -> frozenset[str]:
    return frozenset(rule for code in suppression.codes for rule in meant(code))


def _ended(disable: Suppression, last: Suppression, others: Sequence[Suppression]) -> frozenset[str]:
    """The rules that are enabled again between a `disable` and the last `enable` in question."""
    between = [other for other in others if other.kind == "enable" and ends(other, disable) and other.at < last.at]
    return frozenset(rule for enable in between for rule in _meant(enable))


def ends_nothing(suppression: Suppression, others: Sequence[Suppression]) -> list[str]:
    """The codes of an `enable` for which there is no `disable`."""
    if suppression.kind != "enable":
        return []
    rules = {
        rule
        for other in others
        if other.kind == "disable" and ends(suppression, other)
        for rule in _meant(other) - _ended(other, suppression, others)
    }
    return [written(code) for code in dict.fromkeys(suppression.codes) if not meant(code) & rules]


def lacks_reason(suppression: Suppression) -> bool:
    """Whether it silences rules of ours by name and does not say why; a blanket `noqa` and other tools' codes need no reason of ours."""
    return suppression.kind != "enable" and not suppression.reason and any(meant(code) for code in suppression.codes)
