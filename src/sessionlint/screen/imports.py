"""Which modules a file imports, by a look at its bytes: quick, and rather one too many than one too few."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping

from sessionlint.source import SourceFile

_SPACE = rb"(?:[^\S\n]|\\\r?\n)+"
_NAMES = rb"(?:\\\r?\n|[^\n#;])*"
_FROM = re.compile(rb"from" + _SPACE + rb"(\.*)[^\S\n]*([\w.]*)" + _SPACE + rb"import\b[^\S\n]*(\([^)]*\)|" + _NAMES + rb")")
_IMPORT = re.compile(rb"import" + _SPACE + rb"(" + _NAMES + rb")")
_COMMENT = re.compile(rb"#[^\n]*")
_WORD = re.compile(rb"[^\W\d]\w*")
_DOTTED = re.compile(rb"[^\W\d]\w*(?:\.\w+)*")


def imported_names(content: bytes, file: SourceFile) -> Iterator[str]:
    """The dotted names that a file's import lines may stand for: modules, and names in modules that may be submodules."""
    for match in _at_beginnings(_FROM, b"from", content):
        dots, module, names = match.groups()
        base = _absolute(len(dots), module.decode("ascii", "replace"), file)
        if base:
            yield base
        for clause in _COMMENT.sub(b"", names).strip(b"() \t").split(b","):
            if name := _WORD.search(clause):
                yield f"{base}.{name[0].decode('ascii', 'replace')}".lstrip(".")
    for match in _at_beginnings(_IMPORT, b"import", content):
        for clause in match[1].split(b","):
            if dotted := _DOTTED.search(clause):
                yield dotted[0].decode("ascii", "replace")


def _at_beginnings(pattern: re.Pattern[bytes], word: bytes, content: bytes) -> Iterator[re.Match[bytes]]:
    """The matches of a pattern that begins with a word, at the beginnings of lines; the word is found faster than any pattern."""
    end = 0
    at = content.find(word)
    while at >= 0:
        line = content.rfind(b"\n", 0, at) + 1
        is_first = line >= end and (line == at or content[line:at].isspace())
        match = pattern.match(content, at) if is_first else None
        if match is not None:
            yield match
            end = match.end()
        at = content.find(word, max(end, at + 1))


def _absolute(level: int, module: str, file: SourceFile) -> str:
    if not level:
        return module
    package = file.module.split(".")
    above = package[: len(package) - level + (1 if file.is_package else 0)]
    return ".".join((*above, module) if module else above)


class ModuleIndex:
    """The program's modules by name. A name also finds modules of which it is the tail, for source roots that nobody configured."""

    def __init__(self, files: Iterable[SourceFile] | Mapping[SourceFile, bytes]) -> None:
        self._by_tail: dict[str, set[str]] = defaultdict(set)
        for file in files:
            parts = file.module.split(".") if file.module else []
            for start in range(len(parts)):
                self._by_tail[".".join(parts[start:])].add(file.name)

    def files_for(self, names: Iterable[str]) -> frozenset[str]:
        """The files that stand behind the names, and the packages around them, which run first."""
        found: set[str] = set()
        for name in names:
            part = name
            while part:
                found |= self._by_tail.get(part, set())
                part = part.rpartition(".")[0]
        return frozenset(found)
