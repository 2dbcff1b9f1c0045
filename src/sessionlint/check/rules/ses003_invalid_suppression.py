"""SES003 invalid-suppression."""

from __future__ import annotations

import re
from collections.abc import Iterator

from sessionlint.check.finding import Finding
from sessionlint.check.registry import nearest
from sessionlint.check.rule import Rule
from sessionlint.check.silencing import complaint, ends_nothing, lacks_reason, suppressions_in, unknown_codes, written
from sessionlint.facts import Suppression
from sessionlint.link import Program
from sessionlint.solve import Events
from sessionlint.source import Location

_FOREIGN = re.compile(r"[A-Z]+\d+")


class InvalidSuppression(Rule):
    """A comment that is meant to silence a finding cannot be understood.

    ## What it does
    Reports a `# sessionlint: …` comment that is not one of `ignore[…]`, `file-ignore[…]`, `disable[…]` and `enable[…]` with codes between
    the brackets and a reason, if any, after `--`; one that names a code or rule that does not exist, in a `# noqa: SES…` as well; a
    `disable[…]` or `enable[…]` beside code; an `enable[…]` without a `disable[…]` before it in its block; and where the setting
    `require-reason` is on, one that silences rules by their codes and gives no reason (in a `# noqa: SES…` what follows the codes is one).

    ## Why is this bad?
    It silences nothing, or less than its author believes, and looks to every reader as if it did.

    ## How it fails at run time
    It does not: the finding that the comment was written for goes on being reported.

    ## Example
    ```python
    with SessionLocal() as session:
        return session.get(User, user_id).name  # sessionlint: ignore SES301 -- loaded above  # expect: SES003
    ```
    Use instead:
    ```python
    with SessionLocal() as session:
        return session.get(User, user_id).name
    ```
    or, where there is something to silence, `# sessionlint: ignore[SES301] -- loaded above`.

    ## Fix safety
    Safe, and only where there is no doubt what was meant: missing or wrong brackets and separators, a reason without `--`, misspelt
    actions. What then is silenced was meant to be. Codes that do not exist and missing reasons are left to the author.

    ## Options
    - `require-reason`: whether a comment has to say why

    ## What is not reported
    Codes of other tools in a `# noqa`; prefixes of codes, names of rules, and codes of the catalogue that have no rule yet; a sentence that
    begins with `sessionlint:` but resembles no action and names no code.

    ## References
    - [ruff: invalid-rule-code (RUF102)](https://docs.astral.sh/ruff/rules/invalid-rule-code/)
    """

    code, name = "SES003", "invalid-suppression"
    message_formats = (
        "malformed suppression: {problem}",
        "unknown code {code} in a suppression",
        "unknown codes {codes} in a suppression",
        "`enable[{codes}]` ends nothing: no `disable` stands before it in this block",
        "suppression without a reason",
    )
    codemods = ("invalid-suppression",)

    def check(self, program: Program, events: Events) -> Iterator[Finding]:
        """One finding for each comment that is malformed or names what there is not."""
        for file, suppressions in suppressions_in(program):
            for suppression in suppressions:
                at = Location(file, suppression.at)
                if suppression.kind == "malformed":
                    yield from self._malformed(program, at, suppression.reason)
                elif unknown := unknown_codes(suppression):
                    yield self._of_codes(program, at, unknown)
                elif vain := ends_nothing(suppression, suppressions):
                    yield self._in_vain(program, at, vain)
                elif program.requires_reasons and lacks_reason(suppression):
                    yield self._unreasoned(program, at, suppression)

    def _malformed(self, program: Program, at: Location, text: str) -> Iterator[Finding]:
        said = complaint(text, is_template=at.file in program.templates)
        if said is not None:
            yield self.finding(program, at, self.message_formats[0].format(problem=said.problem), help=said.help, evidence=text)

    def _in_vain(self, program: Program, at: Location, codes: list[str]) -> Finding:
        said = self.message_formats[3].format(codes=", ".join(codes))
        help = "It has to be indented like the `disable` that it ends; a `disable` also ends with its block."
        return self.finding(program, at, said, help=help, evidence=f"enable[{', '.join(codes)}]")

    def _unreasoned(self, program: Program, at: Location, suppression: Suppression) -> Finding:
        codes = ", ".join(written(code) for code in suppression.codes)
        form = f"noqa: {codes} reason" if suppression.kind == "noqa" else f"{suppression.kind}[{codes}] -- reason"
        return self.finding(
            program,
            at,
            self.message_formats[4],
            help=f"Say why: `{form}` (`require-reason` is set).",
            evidence=f"no reason: {codes}",
        )

    def _of_codes(self, program: Program, at: Location, codes: list[str]) -> Finding:
        named = ", ".join(f"`{code}`" for code in codes)
        message = self.message_formats[1 if len(codes) == 1 else 2].format(code=named, codes=named)
        return self.finding(program, at, message, help=_advice(codes[0]), evidence=", ".join(codes))


def _advice(code: str) -> str:
    if _FOREIGN.fullmatch(code) and not code.startswith("S"):
        return f"`{code}` is not one of sessionlint's: other tools' codes belong into `# noqa: {code}`."
    said = nearest(code)
    return f"{said[0].upper()}{said[1:]}" if said else "`sessionlint rule --all` lists the codes there are."
