"""SES002 unused-suppression."""

from __future__ import annotations

from collections.abc import Iterator

from sessionlint.check.finding import Finding
from sessionlint.check.rule import Review
from sessionlint.check.silencing import Verdicts, suppressions_in
from sessionlint.facts import Suppression
from sessionlint.link import Program
from sessionlint.source import Location

_SCOPES = {"file-ignore": "in this file", "disable": "from here on"}


class UnusedSuppression(Review):
    """A comment silences a finding that is not there.

    ## What it does
    Reports the codes of a `# sessionlint: ignore[…]`, `file-ignore[…]` or `disable[…]`, and our codes in a `# noqa: …`, that silence
    no finding. In templates the same.

    ## Why is this bad?
    Such a comment says of correct code that it is wrong, and the day the mistake is made for real, nobody will be told.

    ## How it fails at run time
    It does not: the comment hides what will.

    ## Example
    ```python
    with SessionLocal() as session:
        return session.get(User, user_id).name  # sessionlint: ignore[SES406] -- old  # expect: SES002
    ```
    Use instead:
    ```python
    with SessionLocal() as session:
        return session.get(User, user_id).name
    ```

    ## Fix safety
    Safe: `check --fix` removes the codes that silence nothing and leaves other tools' codes and comments as they are. A comment without
    any code left goes, with its line if it has it for itself; in templates that are not HTML only with `--unsafe-fixes`.

    ## What is not reported
    Codes of rules that do not run (not selected, spared by `per-file-ignores`, or without a rule yet): whether there is anything to
    silence is not known. A prefix is judged only if all its rules run. Nothing at all while a file of the program does not parse or a
    part of the analysis fails, for what is hidden there may be the cause of findings elsewhere; nor in a file with a function that is too
    large to be walked to its end.

    A blanket `# noqa` and the codes of other tools; `enable[…]`; two comments that silence the same finding. The rules that are about the
    run itself (`SES001`, `SES005`, `SES009`) and `SES002` are never called unused.

    A blanket `# noqa` does not silence this rule; its own code does, also in the comment that it is about.

    ## References
    - [ruff: unused-noqa (RUF100)](https://docs.astral.sh/ruff/rules/unused-noqa/)
    """

    code, name = "SES002", "unused-suppression"
    message_formats = ("unused suppression: there is no {codes} to silence {where}",)
    codemods = ("unused-suppression",)

    def review(self, program: Program, verdicts: Verdicts) -> Iterator[Finding]:
        """One finding for each comment with a code that silences nothing."""
        for file, suppressions in suppressions_in(program):
            for suppression in suppressions:
                if suppression.kind not in {"enable", "malformed"} and (codes := verdicts.unused(file, suppression, suppressions)):
                    yield self._of(program, Location(file, suppression.at), suppression, codes)

    def _of(self, program: Program, at: Location, suppression: Suppression, codes: tuple[str, ...]) -> Finding:
        written = [code.lower() if "-" in code else code for code in codes]
        named = " and ".join(filter(None, (", ".join(f"`{code}`" for code in written[:-1]), f"`{written[-1]}`")))
        where = _SCOPES.get(suppression.kind, "here")
        return self.finding(
            program,
            at,
            self.message_formats[0].format(codes=named, where=where),
            help=f"Remove {named}; the other codes stay." if set(suppression.codes) > set(codes) else "Remove the comment.",
            evidence=f"{suppression.kind}[{', '.join(written)}]",
        )
