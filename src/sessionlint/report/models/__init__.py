"""The model registry as a table, JSON or a Mermaid diagram. The folder is the registry of the formats: `NAME.py` adds `--format NAME`."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from typing import TextIO

from sessionlint.pipeline import Run
from sessionlint.report.models.inventory import inventory

FORMATS = ("table", "json", "mermaid")


def report_models(run: Run, format: str, out: TextIO, *, width: int) -> None:
    """Write the models of the files that are reported; lines of the table are at most `width` cells."""
    render: Callable[..., None] = importlib.import_module(f"{__name__}.{format}").render
    render(inventory(run), out, width=width)


__all__ = ["FORMATS", "report_models"]
