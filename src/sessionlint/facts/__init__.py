"""Plain immutable data about one file, and nothing about what it means."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sessionlint.facts import ops
    from sessionlint.facts.codec import SCHEMA, decode, encode, stamp
    from sessionlint.facts.file import (
        ClassFacts,
        FileError,
        FileFacts,
        FileSummary,
        FunctionFacts,
        FunctionSummary,
        Parameter,
    )
    from sessionlint.facts.summary import mentioned, summarized, summary_of
    from sessionlint.facts.suppression import Suppression
else:
    from sessionlint.doors import door

    __getattr__ = door(
        __name__,
        {
            "codec": "SCHEMA decode encode stamp",
            "file": "ClassFacts FileError FileFacts FileSummary FunctionFacts FunctionSummary Parameter",
            "summary": "mentioned summarized summary_of",
            "suppression": "Suppression",
        },
    )

__all__ = [
    "SCHEMA",
    "ClassFacts",
    "FileError",
    "FileFacts",
    "FileSummary",
    "FunctionFacts",
    "FunctionSummary",
    "Parameter",
    "Suppression",
    "decode",
    "encode",
    "mentioned",
    "ops",
    "stamp",
    "summarized",
    "summary_of",
]
