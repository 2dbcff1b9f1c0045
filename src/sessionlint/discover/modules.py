"""The dotted name by which the program imports a file."""

from __future__ import annotations

import os
from collections.abc import Callable
from functools import cache
from pathlib import Path


class ModuleNames:
    """Names modules from the nearest source root above them: a configured one or, where that is in a package, the parent outside."""

    def __init__(self, root: Path, sources: tuple[str, ...], is_file: Callable[[Path], bool] = Path.is_file) -> None:
        self._is_file = is_file
        found = {(root / source).resolve() if ".." in source else root / source for source in sources}
        roots = sorted({self._outside_packages(source) for source in found}, key=lambda source: len(source.parts), reverse=True)
        self._roots = [os.path.join(source, "") for source in roots]
        self._outside = cache(lambda directory: os.path.join(self._outside_packages(Path(directory)), ""))

    def name_of(self, path: Path) -> str:
        """`package.module`; a package's `__init__` is the package; beneath no source root the packages around a file count."""
        whole = str(path)
        source = next((root for root in self._roots if whole.startswith(root)), None) or self._outside(os.path.dirname(whole))
        parts = os.path.splitext(whole.removeprefix(source))[0].split(os.sep)
        return ".".join(parts[:-1] if parts[-1] == "__init__" and len(parts) > 1 else parts)

    def _outside_packages(self, directory: Path) -> Path:
        """The directory, or the nearest one above it that is not a package."""
        while self._is_file(directory / "__init__.py") and directory.parent != directory:
            directory = directory.parent
        return directory
