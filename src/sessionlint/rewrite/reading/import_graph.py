"""Which modules of the program a module imports, itself or through others. Entry point: `reaches`."""

from __future__ import annotations

from collections.abc import Iterator

from sessionlint.facts import ops
from sessionlint.facts.walk import statements
from sessionlint.link import Module, Program


def reaches(program: Program, start: str, wanted: str) -> bool:
    """Whether importing the module `start` imports `wanted` (imports inside functions left out, for they run later)."""
    seen, pending = set(), [start]
    while pending:
        name = pending.pop()
        if name in seen:
            continue
        seen.add(name)
        module = program.modules.get(name)
        pending += _imported(program, module) if module is not None else ()
    return wanted in seen


def _imported(program: Program, module: Module) -> Iterator[str]:
    body = module.facts.functions[0].body if module.facts.functions else ()
    for statement in statements(body):
        if not isinstance(statement, ops.Import):
            continue
        above = module.source.module.split(".")
        above = above[: len(above) - statement.level + module.source.is_package] if statement.level else []
        names = [statement.module or ""] if statement.module or statement.level else [item.name for item in statement.names]
        for name in names:
            whole = ".".join([*above, *([name] if name else [])])
            parts = whole.split(".")
            yield from (".".join(parts[:count]) for count in range(1, len(parts) + 1))
            if statement.module or statement.level:
                yield from (f"{whole}.{item.name}" for item in statement.names if f"{whole}.{item.name}" in program.modules)
