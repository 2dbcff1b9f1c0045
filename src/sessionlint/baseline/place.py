"""Which file is the baseline of a project. Entry point: `place_of`."""

from __future__ import annotations

import os
from pathlib import Path

from sessionlint.config import Settings

DEFAULT_NAME = "sessionlint-baseline.json"
"""In the root of the project; if it is there, it is used."""


def place_of(settings: Settings) -> Path | None:
    """The file that the settings name, the default one if they name none; None if they say that there shall be none, or know no project."""
    if settings.baseline:
        return Path(os.path.abspath(settings.root / settings.baseline))
    if "baseline" in settings.origins or not settings.files.is_project:
        return None
    return settings.root / DEFAULT_NAME


def name_of(path: Path, settings: Settings) -> str:
    """What the file is called: by its path from the root, if it is beneath."""
    return path.relative_to(settings.root).as_posix() if path.is_relative_to(settings.root) else path.as_posix()
