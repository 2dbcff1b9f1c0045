"""What templates read of the user of the request by themselves. Entry point: `find_user_reads`."""

from __future__ import annotations

from collections.abc import Iterator

from sessionlint.facts import FileFacts, FunctionFacts, ops
from sessionlint.link.names.walk import nodes, targets
from sessionlint.link.program import EntryPoint
from sessionlint.link.symbols import FunctionId
from sessionlint.link.web.templates import UserRead
from sessionlint.source import Location


def find_user_reads(
    templates: dict[str, FileFacts], python: dict[str, FileFacts], points: dict[FunctionId, tuple[EntryPoint, ...]], names: tuple[str, ...]
) -> tuple[UserRead, ...]:
    """Every reading of an attribute of one of `names` in a template, unless the program puts something else under that name."""
    wanted = {name for name in names if name not in _given(python, points)}
    found: list[UserRead] = []
    for file, facts in (*templates.items(), *python.items()):
        first = min(facts.templates.values(), default=len(facts.functions))
        bodies = facts.functions[first:]
        free = wanted - {name for body in bodies for name in _bound(body)}
        found += [read for body in bodies for read in _reads(file, body, free)]
    return tuple(sorted(found, key=lambda read: read.at))


def _reads(file: str, function: FunctionFacts, names: set[str]) -> Iterator[UserRead]:
    for node in nodes(*function.body) if names else ():
        if isinstance(node, ops.Attribute) and isinstance(node.value, ops.Name) and node.value.id in names:
            yield UserRead(Location(file, node.name_at), node.value.id, node.name)


def _bound(function: FunctionFacts) -> Iterator[str]:
    """The names that a template binds itself."""
    yield from (parameter.name for parameter in function.parameters)
    for node in nodes(*function.body):
        bound = node.targets if isinstance(node, ops.Assign) else (node.target,) if isinstance(node, ops.For | ops.Clause) else ()
        yield from (name.id for target in bound for name in targets(target) if isinstance(name, ops.Name))


def _given(python: dict[str, FileFacts], points: dict[FunctionId, tuple[EntryPoint, ...]]) -> set[str]:
    """The names that context processors of the program provide."""
    found: set[str] = set()
    for function, kinds in points.items():
        if any(point.kind == "context_processor" for point in kinds):
            for node in nodes(*python[function.file].functions[function.index].body):
                if isinstance(node, ops.DictDisplay):
                    found |= {key.value for key in node.keys if isinstance(key, ops.Constant) and isinstance(key.value, str)}
                elif isinstance(node, ops.Call):
                    found |= {keyword.name for keyword in node.keywords if keyword.name}
    return found
