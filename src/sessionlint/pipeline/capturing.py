"""Where the facts of each file come from: the cache, else capture, in this process or, when there is much to do, in several."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeAlias

from sessionlint.cache import FactsCache
from sessionlint.facts import FileError, FileFacts, FunctionFacts, decode
from sessionlint.pipeline.reading import Sources
from sessionlint.pipeline.workers import TEMPLATE, Jobs, encoded_facts
from sessionlint.screen import parses
from sessionlint.source import Range, SourceFile, digest_of

Progress: TypeAlias = Callable[[str, int, int], None]
"""Called with what is being done, how much of it is done and how much there is to do (0 where nobody knows)."""

_START = Range(1, 1, 1, 1)
_MODULE = FunctionFacts("<module>", "<module>", _START, _START, (), None, (), False, False, -1, -1, (), ())
NOTHING = FileFacts((_MODULE,), (), (), None)
"""The facts of a file that was screened out: it is there, and nothing in it matters."""


@dataclass(slots=True)
class Captured:
    """The facts of every Python file and of the templates that are needed, and how they were come by."""

    by_name: dict[str, tuple[SourceFile, FileFacts]] = field(default_factory=dict)
    templates: dict[str, tuple[SourceFile, FileFacts]] = field(default_factory=dict)
    screened_out: tuple[str, ...] = ()
    captured: tuple[str, ...] = ()
    from_cache: tuple[str, ...] = ()
    keys: dict[str, str] = field(default_factory=dict)
    """By the name of each file under which key the cache has its facts; empty for one that was screened out or cannot be read."""


def captured(sources: Sources, kept: frozenset[str], cache: FactsCache, *, jobs: Jobs = 0, progress: Progress | None = None) -> Captured:
    """The facts of all files; what is not in `kept` is only looked at for whether it is Python, and captured if it is not."""
    facts: dict[str, FileFacts] = {}
    missing: dict[str, list[SourceFile]] = {}
    keys: dict[str, str] = {}
    screened_out, from_cache = [], []
    for file, content in sources.python.items():
        digest = digest_of(content)
        known = cache.get(digest)
        if file.name not in kept and (known.error is None if known else _is_python(content, digest, cache)):
            facts[file.name] = NOTHING
            screened_out.append(file.name)
        elif known is not None:
            facts[file.name], keys[file.name] = known, digest
            from_cache.append(file.name)
        else:
            missing.setdefault(digest, []).append(file)
    templates = [file for file in sources.templates if file.name in kept]
    for file in templates:
        digest = TEMPLATE + digest_of(sources.templates[file])
        known = cache.get(digest)
        if known is None:
            missing.setdefault(digest, []).append(file)
        else:
            facts[file.name], keys[file.name] = known, digest
            from_cache.append(file.name)
    everything = {**sources.python, **sources.templates}
    contents = {digest: everything[files[0]] for digest, files in missing.items()}
    for digest, encoded in encoded_facts(contents, jobs, _of_parsing(progress)):
        new = decode(encoded)
        facts.update((file.name, new) for file in missing[digest])
        keys.update((file.name, digest) for file in missing[digest])
        if new.error is None or new.error.kind != "internal":
            cache.add(digest, encoded)
    for file, reason in sources.failures.items():
        facts[file.name] = FileFacts((), (), (), FileError("unreadable", reason, _START))
    by_name = {file.name: (file, facts[file.name]) for file in (*sources.python, *sources.failures)}
    names = sorted(file.name for files in missing.values() for file in files)
    of_templates = {file.name: (file, facts[file.name]) for file in templates}
    return Captured(dict(sorted(by_name.items())), of_templates, tuple(screened_out), tuple(names), tuple(from_cache), keys)


def _of_parsing(progress: Progress | None) -> Callable[[int, int], None] | None:
    if progress is None:
        return None
    return lambda done, total: progress("Parsing", done, total)


def _is_python(content: bytes, digest: str, cache: FactsCache) -> bool:
    if cache.is_known_to_parse(digest):
        return True
    if not parses(content):
        return False
    cache.add_parsing(digest)
    return True
