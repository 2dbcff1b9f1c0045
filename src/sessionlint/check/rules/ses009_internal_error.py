"""SES009 internal-error."""

from __future__ import annotations

from collections.abc import Iterator

from sessionlint.check.finding import Finding
from sessionlint.check.rule import Rule
from sessionlint.link import Program
from sessionlint.solve import Events
from sessionlint.source import Location


class InternalError(Rule):
    """A part of sessionlint failed; the rest of the run went on.

    ## What it does
    Reports that a rule, a codemod, the reading of a file or the walk of a function failed with an error of sessionlint's own, and where if
    that is known. The exit status is then 2, whatever else was found. This finding cannot be deselected.

    ## Why is this bad?
    What the failed part would have found is missing from the report.

    ## How it fails at run time
    It does not: it is sessionlint that failed, not the program.

    ## Example
    ```text
    app/models.py:1:1: SES009 capture failed: RecursionError: maximum recursion depth exceeded
    ```
    Please report it with the file, or with the part of it that still shows the error.

    ## Fix safety
    There is no fix.

    ## What is not reported
    Mistakes in the configuration or on the command line: they end the run with a message of their own.

    ## References
    - [sessionlint: issues](https://github.com/sessionlint/sessionlint/issues)
    """

    code, name = "SES009", "internal-error"
    message_formats = (
        "{part} failed: {error}",
        "the analysis of `{function}` failed: {error}",
    )
    is_of_run = is_permanent = True

    def check(self, program: Program, events: Events) -> Iterator[Finding]:
        """One finding for each file of which capture failed and each function that could not be walked; what rules do wrong is seen by
        `check`."""
        for file, module in program.files.items():
            error = module.facts.error
            if error is not None and error.kind == "internal":
                yield self.finding(program, Location(file, error.at), error.message)
        for function, said in events.failed:
            facts = program.function(function)
            yield self.finding(
                program,
                Location(function.file, facts.at),
                self.message_formats[1].format(function=facts.qualname, error=said),
                function=function,
            )
