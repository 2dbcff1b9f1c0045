"""What is said of a suppression that cannot be read."""

from __future__ import annotations

import pytest

from sessionlint.check.silencing import Complaint, Unmendable, complaint, mended

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
    "disable[SES306]": ("`disable` stands beside code", "Write `ignore[SES306]` for this statement, or put it on a line of its own."),
}


@pytest.mark.parametrize(("text", "problem", "help"), [(text, *said) for text, said in COMPLAINTS.items()])
def test_what_is_wrong_and_what_is_right(text: str, problem: str, help: str) -> None:
    assert complaint(text) == Complaint(problem, help)


def test_templates_know_no_ranges() -> None:
    said = Complaint("`enable` means nothing here", "In a template there are `ignore` and `file-ignore`.")
    assert complaint("enable[SES306]", is_template=True) == said


@pytest.mark.parametrize(
    ("text", "right"),
    [
        ("ignore SES301", "ignore[SES301]"),
        ("ignore: ses301, SES302", "ignore[SES301, SES302]"),
        ("ignore=SES301", "ignore[SES301]"),
        ("ignore(SES301) -- old", "ignore[SES301] -- old"),
        ("ignore SES301 SES302 -- old", "ignore[SES301, SES302] -- old"),
        ("ignore[SES301; SES302]", "ignore[SES301, SES302]"),
        ("ignore[SES301 SES302 and SES303]", "ignore[SES301, SES302, SES303]"),
        ("ignore[SES301", "ignore[SES301]"),
        ("ignore[SES301 -- see #12", "ignore[SES301] -- see #12"),
        ("ignore[SES301] it is old", "ignore[SES301] -- it is old"),
        ("ignore[SES301]: it is old", "ignore[SES301] -- it is old"),
        ("ignore[SES301] - it is old", "ignore[SES301] -- it is old"),
        ("ignore[SES301] (it is old)", "ignore[SES301] -- it is old"),
        ("ignore[SES301] --", "ignore[SES301]"),
        ("ignore session-leak, SES3 -- known", "ignore[session-leak, SES3] -- known"),
        ("IGNORE[SES301]", "ignore[SES301]"),
        ("file_ignore[SES301]", "file-ignore[SES301]"),
        ("ignore-file[SES301]", "file-ignore[SES301]"),
        ("noqa: SES301", "ignore[SES301]"),
        ("ignor[SES301]", "ignore[SES301]"),
        ("disabel[SES301]", "disable[SES301]"),
        ("ignore-next-line[SES301]", "ignore[SES301]"),
        ("ignore-start SES301", "disable[SES301]"),
    ],
)
def test_what_was_surely_meant(text: str, right: str) -> None:
    assert mended(text, is_alone=True) == right


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("ignore", "no-codes"),
        ("ignore[]", "no-codes"),
        ("ignore E501", "no-codes"),
        ("[SES301]", "no-action"),
        ("keep SES301", "no-action"),
        ("ignore SES999", "unknown-code"),
        ("ignore[SES301 because]", "open-list"),
        ("ignore[SES301, E501", "open-list"),
        ("ignore SES301 until SES302 is done", "more-codes"),
        ("ignore-next-line[SES301]", "next-line"),
        ("disable[SES301]", "beside-code"),
        ("ignore-end SES301", "beside-code"),
    ],
)
def test_what_only_its_author_can_say(text: str, code: str) -> None:
    said = mended(text, is_alone=False)
    assert isinstance(said, Unmendable)
    assert said.code == code


@pytest.mark.parametrize("text", ["see the wiki", "sessions are closed by the pool", "a tool, by the way"])
def test_a_sentence_is_nobodys_suppression(text: str) -> None:
    assert complaint(text) is None
