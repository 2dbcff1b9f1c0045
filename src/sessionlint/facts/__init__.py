"""Plain immutable data about one file, and nothing about what it means."""

from sessionlint.facts import ops
from sessionlint.facts.codec import SCHEMA, decode, encode
from sessionlint.facts.file import ClassFacts, FileError, FileFacts, FunctionFacts, Parameter, Suppression

__all__ = ["SCHEMA", "ClassFacts", "FileError", "FileFacts", "FunctionFacts", "Parameter", "Suppression", "decode", "encode", "ops"]
