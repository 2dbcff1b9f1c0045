"""What is wrong with a `sessionlint:` comment that `capture` could not read, and what it was probably meant to be."""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import get_close_matches

from sessionlint.check.catalogue import CATALOGUE

VERBS = ("ignore", "file-ignore", "disable", "enable")
MEANT = {
    "noqa": "ignore",
    "skip": "ignore",
    "allow": "ignore",
    "suppress": "ignore",
    "ignore-line": "ignore",
    "ignore-next-line": "ignore",
    "disable-line": "ignore",
    "disable-next-line": "ignore",
    "ignore-file": "file-ignore",
    "disable-file": "file-ignore",
    "skip-file": "file-ignore",
    "file-disable": "file-ignore",
    "off": "disable",
    "on": "enable",
    "ignore-begin": "disable",
    "ignore-start": "disable",
    "ignore-end": "enable",
}
"""How other tools call it."""

_RULES = frozenset(CATALOGUE.values())
_VERB = re.compile(r"[\w-]*")
_NAME = re.compile(r"\b[a-z]+(?:-[a-z]+)+\b")
_CODE = re.compile(r"\bSES\d*\b", re.IGNORECASE)
_LIST = re.compile(r"\s*[\w-]+(?:\s*,\s*[\w-]+)*\s*,?\s*")


@dataclass(frozen=True, slots=True)
class Complaint:
    """`problem` completes "malformed suppression: …"; `help` is a sentence."""

    problem: str
    help: str


def complaint(text: str, *, is_template: bool = False) -> Complaint | None:
    """What is wrong with a comment of that text (what follows `sessionlint:`); None where it is prose that happens to begin so."""
    verb = _VERB.match(text)
    assert verb is not None, "it matches the empty text"
    word, rest = verb[0], text[verb.end() :].strip()
    known = _nearest(word)
    if word not in VERBS:
        if not known and _is_prose(word, rest):
            return None
        named = f"`{word}` is no action" if word else "it names no action"
        return Complaint(
            named, f"Write `{known or 'ignore'}[{_codes(rest)}]`; the actions are `ignore`, `file-ignore`, `disable` and `enable`."
        )
    return _of_list(word, rest, is_template)


def _of_list(word: str, rest: str, is_template: bool) -> Complaint:
    """What is wrong behind an action that there is."""
    if not rest.startswith("["):
        return Complaint(f"`{word}` names no codes in brackets", f"Write `{word}[{_codes(rest)}]`; there is no form for all codes at once.")
    inside, bracket, after = rest[1:].partition("]")
    if not bracket:
        return Complaint(f"the bracket after `{word}` is not closed", f"Write `{word}[{_codes(inside)}]`.")
    if not inside.strip(" ,"):
        return Complaint(f"the list of `{word}` is empty", "Name the codes that it is about, such as `SES301`, or remove the comment.")
    if not _LIST.fullmatch(inside):
        return Complaint(f"`{inside.strip()}` is no list of codes", f"Write `{word}[{_codes(inside)}]`, with commas between codes.")
    if after.strip() and not after.strip().startswith("--"):
        reason = after.strip().lstrip("-–—:,;(").strip().rstrip(")")
        return Complaint("text follows the bracket without `--`", f"Write `{word}[{inside.strip()}] -- {reason or 'reason'}`.")
    if is_template:
        return Complaint(f"`{word}` means nothing here", "In a template there are `ignore` and `file-ignore`.")
    return Complaint(
        f"`{word}` stands beside code", f"Write `ignore[{inside.strip()}]` for this statement, or put it on a line of its own."
    )


def _nearest(word: str) -> str:
    small = word.lower().replace("_", "-")
    if small in MEANT:
        return MEANT[small]
    close = get_close_matches(small, [*VERBS, *MEANT], n=1, cutoff=0.75)
    return MEANT.get(close[0], close[0]) if close else ""


def _is_prose(word: str, rest: str) -> bool:
    """A sentence about the tool: several words, none of them a code, and no list."""
    return bool(word) and bool(rest) and rest[0] not in "[(:=" and _CODE.search(rest) is None


def _codes(text: str) -> str:
    """The codes in `text`, as a list; an example if there is none."""
    listed = text.partition("--")[0]
    found = [code.upper() for code in _CODE.findall(listed)] or [name for name in _NAME.findall(listed) if name in _RULES]
    return ", ".join(dict.fromkeys(found)) or "SES301"
