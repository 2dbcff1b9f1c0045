"""SES005 unreadable-file."""

from __future__ import annotations

from collections.abc import Iterator

from sessionlint.check.finding import Finding
from sessionlint.check.rule import Rule
from sessionlint.link import Program
from sessionlint.solve import Events
from sessionlint.source import Location


class UnreadableFile(Rule):
    """A file cannot be read or decoded.

    ## What it does
    Reports, on its first line, a Python file that cannot be opened or whose bytes are not text in the encoding that it declares. All other
    files are analysed as if this one were empty.

    ## Why is this bad?
    Nothing in the file can be checked, and Python itself cannot import a file that it cannot decode.

    ## How it fails at run time
    ```text
    Traceback (most recent call last):
      File "main.py", line 3, in main
        from example import NAME
      File "example.py", line 1
        NAME = "Andr� Roy"
    SyntaxError: (unicode error) 'utf-8' codec can't decode byte 0xe9 in position 4: invalid
    continuation byte
    ```

    ## Example
    A file that was saved as Latin-1:
    ```python
    NAME = "André Roy"  # expect: SES005
    ```
    Use instead: save it as UTF-8, or declare its encoding on the first or second line:
    ```python
    # -*- coding: latin-1 -*-
    NAME = "André Roy"
    ```

    ## Fix safety
    There is no fix: the encoding that the bytes are meant in is for its author to say.

    ## What is not reported
    Files that are excluded, and templates.

    ## References
    - [PEP 263: defining Python source code encodings](https://peps.python.org/pep-0263/)
    """

    code, name = "SES005", "unreadable-file"
    message_formats = ("file cannot be read: {error}",)
    is_of_run = True

    def check(self, program: Program, events: Events) -> Iterator[Finding]:
        """One finding for each file whose content is not to be had."""
        for file, module in program.files.items():
            error = module.facts.error
            if error is not None and error.kind == "unreadable":
                yield self.finding(program, Location(file, error.at), self.message_formats[0].format(error=error.message))
