"""SES001 syntax-error."""

from __future__ import annotations

from collections.abc import Iterator

from sessionlint.check.finding import Finding
from sessionlint.check.rule import Rule
from sessionlint.link import Program
from sessionlint.solve import Events
from sessionlint.source import Location


class SyntaxError(Rule):
    """A file does not parse.

    ## What it does
    Reports a file that is not valid Python, at the position where the parser gave up. All other files are analysed as if
    this one were empty.

    ## Why is this bad?
    Nothing in the file can be checked, and what other files import from it is unknown, so that misuse which crosses it goes unseen.

    ## How it fails at run time
    ```text
    Traceback (most recent call last):
      File "main.py", line 4, in <module>
        from example import total
      File "example.py", line 1
        def total(lines:
    SyntaxError: '(' was never closed
    ```

    ## Example
    ```python
    def total(lines:  # expect: SES001
        return sum(line.amount for line in lines)
    ```
    Use instead:
    ```python
    def total(lines):
        return sum(line.amount for line in lines)
    ```

    ## Fix safety
    There is no fix.

    ## What is not reported
    Files that are excluded. A file written for another version of Python is reported if its syntax is not understood; exclude it with
    `extend-exclude`.

    ## References
    - [Python: errors and exceptions](https://docs.python.org/3/tutorial/errors.html#syntax-errors)
    """

    code, name = "SES001", "syntax-error"
    message_formats = ("file does not parse: {error}",)
    is_of_run = True

    def check(self, program: Program, events: Events) -> Iterator[Finding]:
        """One finding for each file that does not parse."""
        for file, module in program.files.items():
            error = module.facts.error
            if error is not None and error.kind == "syntax":
                yield self.finding(program, Location(file, error.at), self.message_formats[0].format(error=error.message))
