"""invalid-suppression: comments that cannot be read, but understood."""

from __future__ import annotations

from sessionlint.check.finding import Applicability, Finding
from sessionlint.check.silencing import Unmendable, mended, suppressions_of, unknown_codes
from sessionlint.rewrite.codemod import Codemod, FileEdit, Proposal, Refusal, Spot
from sessionlint.rewrite.suppressing import is_alone, with_text


class InvalidSuppression(Codemod):
    """Write a `# sessionlint: …` comment as it was surely meant: `ignore SES301 because it is old` becomes `ignore[SES301] -- because it is
    old`.

    Mended are codes without brackets, in other brackets or in one that is not closed, other separators than commas, a reason without `--`,
    upper case and misspelt actions, and what other tools call the same (`noqa`, `ignore-file`, `ignore-begin`).

    Left to its author is a comment that names no code or one that does not exist, `disable` and `enable` beside code (the statement may
    be meant or all that follows), text that may be a code more or part of the reason, an `enable` that ends nothing, and a reason that
    is missing.
    """

    name = "invalid-suppression"
    fixes = ("SES003",)

    def propose(self, spot: Spot) -> Proposal | Refusal:
        """The comment with other words behind `sessionlint:`."""
        finding = spot.about
        assert isinstance(finding, Finding)
        suppression = next((one for one in suppressions_of(self.program, spot.file) if one.at == finding.at.range), None)
        if suppression is None:
            return Refusal("no-comment", "there is no comment there any more")
        if suppression.kind != "malformed":
            return _refused(unknown_codes(suppression), is_enable=suppression.kind == "enable")
        try:
            text = self.context.lines.text(spot.file)
        except (UnicodeDecodeError, SyntaxError):
            return Refusal("encoding", "the file is not in the encoding that it should be in")
        new = mended(suppression.reason, is_alone=is_alone(text, suppression.at), is_template=spot.file in self.program.templates)
        if isinstance(new, Unmendable):
            return Refusal(new.code, new.reason)
        edit = FileEdit(with_text(text, suppression.at, new))
        places = frozenset({(spot.file, suppression.at.row)})
        return Proposal({spot.file: edit}, f"Write `{new}`", Applicability.SAFE, comments=places)


def _refused(unknown: list[str], *, is_enable: bool) -> Refusal:
    if unknown:
        return Refusal("unknown-code", f"there is no rule `{unknown[0]}`, and which was meant only its author knows")
    if is_enable:
        return Refusal("ends-nothing", "either it or the `disable` that it should end stands in the wrong place")
    return Refusal("no-reason", "why it is there only its author knows")
