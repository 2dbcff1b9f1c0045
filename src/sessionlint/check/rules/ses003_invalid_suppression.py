"""SES003 invalid-suppression."""

from __future__ import annotations

import re
from collections.abc import Iterator

from sessionlint.check.finding import Finding
from sessionlint.check.registry import nearest
from sessionlint.check.rule import Rule
from sessionlint.check.silencing import complaint, meant, suppressions_in
from sessionlint.facts import Suppression
from sessionlint.link import Program
from sessionlint.solve import Events
from sessionlint.source import Location

_OURS = re.compile(r"SES\d*")
_FOREIGN = re.compile(r"[A-Z]+\d+")


class InvalidSuppression(Rule):
    """A comment that is meant to silence a finding cannot be understood.

    ## What it does
    Reports a `# sessionlint: …` comment that is not one of `ignore[…]`, `file-ignore[…]`, `disable[…]` and `enable[…]` with codes between
    the brackets and a reason, if any, after `--`; and one that names a code or rule that does not exist, in a `# noqa: SES…` as well.

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
    There is no fix yet.

    ## What is not reported
    Codes of other tools in a `# noqa`; prefixes of codes, names of rules, and codes of the catalogue that have no rule yet; an `enable[…]`
    that ends nothing; a sentence that begins with `sessionlint:` but resembles no action and names no code.

    ## References
    - [ruff: invalid-rule-code (RUF102)](https://docs.astral.sh/ruff/rules/invalid-rule-code/)
    """

    code, name = "SES003", "invalid-suppression"

    def check(self, program: Program, events: Events) -> Iterator[Finding]:
        """One finding for each comment that is malformed or names what there is not."""
        for file, suppressions in suppressions_in(program):
            for suppression in suppressions:
                at = Location(file, suppression.at)
                if suppression.kind == "malformed":
                    yield from self._malformed(program, at, suppression.reason)
                elif unknown := _unknown(suppression):
                    yield self._of_codes(program, at, unknown)

    def _malformed(self, program: Program, at: Location, text: str) -> Iterator[Finding]:
        said = complaint(text)
        if said is not None:
            yield self.finding(program, at, f"malformed suppression: {said.problem}", help=said.help, evidence=text)

    def _of_codes(self, program: Program, at: Location, codes: list[str]) -> Finding:
        words = "unknown code" if len(codes) == 1 else "unknown codes"
        named = ", ".join(f"`{code}`" for code in codes)
        return self.finding(program, at, f"{words} {named} in a suppression", help=_advice(codes[0]), evidence=", ".join(codes))


def _unknown(suppression: Suppression) -> list[str]:
    """The codes that mean no rule; of those in a `noqa` only the ones that look like ours."""
    found = [code for code in dict.fromkeys(suppression.codes) if not meant(code)]
    if suppression.kind == "noqa":
        return [code for code in found if _OURS.fullmatch(code)]
    return [code.lower() if "-" in code else code for code in found]


def _advice(code: str) -> str:
    if _FOREIGN.fullmatch(code) and not code.startswith("S"):
        return f"`{code}` is not one of sessionlint's: other tools' codes belong into `# noqa: {code}`."
    said = nearest(code)
    return f"{said[0].upper()}{said[1:]}" if said else "`sessionlint rule --all` lists the codes there are."
