"""What goes wrong with a run, as opposed to what is wrong with the code that is looked at."""

from __future__ import annotations


class SessionlintError(Exception):
    """The run cannot go on as asked (bad configuration, missing path, unreadable plan); the command line exits with 2.

    `message` says what is wrong; `file` and `row` where, if that is known; `hint` the way out.
    """

    def __init__(self, message: str, *, file: str = "", row: int = 0, hint: str = "") -> None:
        super().__init__(message)
        self.message, self.file, self.row, self.hint = message, file, row, hint

    def __str__(self) -> str:
        place = f"{self.file}:{self.row}: " if self.file and self.row else f"{self.file}: " if self.file else ""
        return f"{place}{self.message}" + (f" ({self.hint})" if self.hint else "")
