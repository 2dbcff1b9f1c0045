"""Plain immutable data about one file, and nothing about what it means."""

from sessionlint.facts import ops
from sessionlint.facts.codec import SCHEMA, decode, encode
from sessionlint.facts.file import (
    ClassFacts,
    FileError,
    FileFacts,
    FileSummary,
    FunctionFacts,
    FunctionSummary,
    Parameter,
    Suppression,
)
from sessionlint.facts.summary import mentioned, summarized, summary_of

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
    "summarized",
    "summary_of",
]
