"""What a `sessionlint:` comment that cannot be read was surely meant to be. Entry point: `mended`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import SequenceMatcher

from sessionlint.check.catalogue import CATALOGUE
from sessionlint.check.silencing.matching import meant
from sessionlint.check.silencing.spelling import MEANT, VERBS

_CLOSE = 0.85
"""How much a word has to be like an action to be that action misspelt; `disable` and `enable` are less alike."""

_ONE = r"SES\d*\b|" + "|".join(sorted(map(re.escape, CATALOGUE.values()), key=len, reverse=True))
_BETWEEN = r"(?:\s*[,;/|&+]\s*|\s+and\s+|\s+)"
_TEXT = re.compile(
    rf"(?P<word>[\w-]*)\s*[:=]?\s*(?P<open>[\[({{<]?)\s*(?P<codes>(?:{_ONE})(?:{_BETWEEN}(?:{_ONE}))*)\s*,?\s*(?P<close>[\])}}>]?)(?P<rest>.*)",
    re.IGNORECASE,
)
_CODE = re.compile(r"\bSES\d+\b", re.IGNORECASE)
_EACH = re.compile(_ONE, re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Unmendable:
    """Why nobody but its author can say what a comment means: `code` for machines, `reason` in one line without full stop."""

    code: str
    reason: str


def mended(text: str, *, is_alone: bool, is_template: bool = False) -> str | Unmendable:
    """The text that is to follow `sessionlint:` in place of `text`. `is_alone` says that the comment stands on a line of its own."""
    match = _TEXT.fullmatch(text)
    if match is None:
        return Unmendable("no-codes", "it names no code that it could be about")
    verb = _verb(match["word"], is_alone)
    if isinstance(verb, Unmendable):
        return verb
    if verb in {"disable", "enable"} and (is_template or not is_alone):
        return Unmendable(
            "beside-code", "this statement may be meant or all that follows" if not is_template else f"templates know no `{verb}`"
        )
    codes = [code.upper() if _CODE.fullmatch(code) else code for code in _EACH.findall(match["codes"])]
    if unknown := [code for code in codes if not meant(code.upper())]:
        return Unmendable("unknown-code", f"there is no rule `{unknown[0]}`")
    reason = _reason(match)
    return reason if isinstance(reason, Unmendable) else f"{verb}[{', '.join(codes)}]" + (f" -- {reason}" if reason else "")


def _reason(match: re.Match[str]) -> str | Unmendable:
    """What follows the codes, as a reason."""
    rest = match["rest"].strip()
    if match["open"] and not match["close"] and rest and not rest.startswith("--"):
        return Unmendable("open-list", "the list of codes is not closed, and there is more than codes in it")
    said = rest.partition("--")[0]
    if _CODE.search(said):
        return Unmendable("more-codes", f"`{_CODE.findall(said)[0]}` may be one more code or part of the reason")
    reason = rest.lstrip("-–—:,;.(= ").strip()
    return reason.removesuffix(")") if rest.startswith("(") else reason


def _verb(word: str, is_alone: bool) -> str | Unmendable:
    small = word.lower().replace("_", "-")
    if small in VERBS:
        return small
    if small in MEANT:
        if small.endswith("-next-line") and not is_alone:
            return Unmendable("next-line", f"`{word}` speaks of the next line, and here it stands beside code")
        return MEANT[small]
    likeness = {verb: SequenceMatcher(None, small, verb).ratio() for verb in VERBS}
    best = max(VERBS, key=likeness.__getitem__)
    if likeness[best] >= _CLOSE:
        return best
    return Unmendable("no-action", f"`{word}` is no action" if word else "it names no action")
