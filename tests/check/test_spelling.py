"""What is said of a suppression that cannot be read."""

from __future__ import annotations

import pytest

from sessionlint.check.silencing import Complaint, complaint

ACTIONS = "the actions are `ignore`, `file-ignore`, `disable` and `enable`."
NO_BLANKET = "there is no form for all codes at once."
COMPLAINTS = {
    "": ("it names no action", f"Write `ignore[SES301]`; {ACTIONS}"),
    "[SES101]": ("it names no action", f"Write `ignore[SES101]`; {ACTIONS}"),
    "ignor[SES101]": ("`ignor` is no action", f"Write `ignore[SES101]`; {ACTIONS}"),
    "Ignore[ses101]": ("`Ignore` is no action", f"Write `ignore[SES101]`; {ACTIONS}"),
    "noqa": ("`noqa` is no action", f"Write `ignore[SES301]`; {ACTIONS}"),
    "ignore-file[SES1, SES2]": ("`ignore-file` is no action", f"Write `file-ignore[SES1, SES2]`; {ACTIONS}"),
    "keep SES101": ("`keep` is no action", f"Write `ignore[SES101]`; {ACTIONS}"),
    "keep[it]": ("`keep` is no action", f"Write `ignore[SES301]`; {ACTIONS}"),
    "ignore": ("`ignore` names no codes in brackets", f"Write `ignore[SES301]`; {NO_BLANKET}"),
    "disable: SES101, SES102 -- for SES103": ("`disable` names no codes in brackets", f"Write `disable[SES101, SES102]`; {NO_BLANKET}"),
    "ignore session-leak well-known": ("`ignore` names no codes in brackets", f"Write `ignore[session-leak]`; {NO_BLANKET}"),
    "ignore[SES101": ("the bracket after `ignore` is not closed", "Write `ignore[SES101]`."),
    "ignore[ , ]": ("the list of `ignore` is empty", "Name the codes that it is about, such as `SES301`, or remove the comment."),
    "ignore[SES101; SES102]": ("`SES101; SES102` is no list of codes", "Write `ignore[SES101, SES102]`, with commas between codes."),
    "ignore[*]": ("`*` is no list of codes", "Write `ignore[SES301]`, with commas between codes."),
    "ignore[SES101] it is old": ("text follows the bracket without `--`", "Write `ignore[SES101] -- it is old`."),
    "ignore[SES101]: it is old": ("text follows the bracket without `--`", "Write `ignore[SES101] -- it is old`."),
    "disable[SES306]": ("`disable` means nothing here", "In a template there are `ignore` and `file-ignore`."),
}


@pytest.mark.parametrize(("text", "problem", "help"), [(text, *said) for text, said in COMPLAINTS.items()])
def test_what_is_wrong_and_what_is_right(text: str, problem: str, help: str) -> None:
    assert complaint(text) == Complaint(problem, help)


@pytest.mark.parametrize("text", ["see the wiki", "sessions are closed by the pool", "a tool, by the way"])
def test_a_sentence_is_nobodys_suppression(text: str) -> None:
    assert complaint(text) is None
