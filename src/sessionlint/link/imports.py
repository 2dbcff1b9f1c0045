"""Which module of the program an import statement means, if any. Entry point: `ModuleFinder.find`."""

from __future__ import annotations

import sys
from collections.abc import Mapping

from sessionlint.knowledge.libraries import INSTALLED, UNDERSTOOD
from sessionlint.source import SourceFile


class ModuleFinder:
    """The program's modules by dotted name, and how an importing file reaches them."""

    def __init__(self, files: Mapping[str, SourceFile]) -> None:
        self.file_of: dict[str, str] = {}
        self._packages: set[str] = set()
        self._by_tail: dict[str, list[str]] = {}
        self._sources = files
        for name in sorted(files):
            self._enter(files[name], name)

    def _enter(self, source: SourceFile, name: str) -> None:
        module = source.module
        if not module:
            return
        # a program started in the project root may name a file by its whole path, although `src` is a source root
        by_path = name.removesuffix(".py").removesuffix("/__init__").replace("/", ".")
        for spelling in (module, module.removeprefix("src."), by_path):
            self.file_of.setdefault(spelling, name)
            parts = spelling.split(".")
            self._packages.update(".".join(parts[:length]) for length in range(1, len(parts)))
        self._by_tail.setdefault(module.rpartition(".")[2], []).append(module)

    def knows(self, module: str) -> bool:
        """Whether `module` is a module, a package or a namespace package of the program."""
        return module in self.file_of or module in self._packages

    def find(self, importer: str, module: str, level: int) -> tuple[str, bool]:
        """The dotted name that `module` (with `level` dots) means in the file `importer`, and whether it is part of the program.

        Absolute names are looked for from the top, then beside the importing file and above it (a script run from its own directory), then
        anywhere, if one module alone ends so.
        """
        if level:
            return self._relative(importer, module, level)
        root = module.partition(".")[0]
        if root in UNDERSTOOD:
            return module, False
        if self.knows(module):
            return module, True
        if root in INSTALLED or root in sys.stdlib_module_names:
            return module, False
        beside = self._beside(importer, module)
        if beside is not None or self.knows(root):
            return beside or (module, False)
        return self._anywhere(module) or (module, False)

    def _relative(self, importer: str, module: str, level: int) -> tuple[str, bool]:
        source = self._sources[importer]
        parts = source.module.split(".")
        climb = level - 1 if source.is_package else level
        base = parts[: len(parts) - climb] if climb else parts
        name = ".".join([*base, *([module] if module else [])])
        return name, self.knows(name)

    def _beside(self, importer: str, module: str) -> tuple[str, bool] | None:
        source = self._sources[importer]
        parts = source.module.split(".")
        for length in range(len(parts) if source.is_package else len(parts) - 1, 0, -1):
            candidate = ".".join([*parts[:length], module])
            if self.knows(candidate):
                return candidate, True
        return None

    def _anywhere(self, module: str) -> tuple[str, bool] | None:
        ends = [name for name in self._by_tail.get(module.rpartition(".")[2], ()) if name.endswith("." + module)]
        return (ends[0], True) if len(ends) == 1 else None
