"""What templates read of the user of the request by themselves. Entry point: `find_user_reads`."""

from __future__ import annotations

from collections.abc import Iterator

from sessionlint.facts import FileFacts, FunctionFacts, ops
from sessionlint.knowledge.frameworks.users import CURRENT_USER
from sessionlint.link.names.lookup import Names
from sessionlint.link.names.walk import nodes, targets, text
from sessionlint.link.program import EntryPoint
from sessionlint.link.symbols import External, FunctionId
from sessionlint.link.web.templates import UserRead
from sessionlint.source import Location


def find_user_reads(
    templates: dict[str, FileFacts],
    python: Names,
    points: dict[FunctionId, tuple[EntryPoint, ...]],
    names: tuple[str, ...],
) -> tuple[UserRead, ...]:
    """Every reading of an attribute of one of `names` in a template, unless the program puts something else under that name."""
    wanted = {name for name in names if name not in _given(python, points)}
    found: list[UserRead] = []
    for file, facts in (*templates.items(), *python.facts.items()):
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


def _given(python: Names, points: dict[FunctionId, tuple[EntryPoint, ...]]) -> set[str]:
    """The names under which context processors of the program provide something else than the user itself."""
    found: set[str] = set()
    for function, kinds in points.items():
        if any(point.kind == "context_processor" for point in kinds):
            for node in nodes(*python.function(function).body):
                if isinstance(node, ops.DictDisplay):
                    pairs = [(text(key), value) for key, value in zip(node.keys, node.values, strict=True) if key is not None]
                elif isinstance(node, ops.Call):
                    pairs = [(keyword.name or "", keyword.value) for keyword in node.keywords]
                else:
                    continue
                found |= {name for name, value in pairs if python.resolve(function, value) != External(CURRENT_USER)}
    return found
