"""Which files of a program rely on which, so that a change in one can show in another. Entry point: `relying_on`."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator

from sessionlint.facts import FileFacts, ops
from sessionlint.link.names.walk import nodes
from sessionlint.link.program import Program


def relying_on(program: Program, files: Iterable[str]) -> frozenset[str]:
    """The files themselves, those that import them or render them, whose models have relationships to theirs, and those in turn."""
    used_by: dict[str, set[str]] = defaultdict(set)
    for user, used in _uses(program):
        used_by[used].add(user)
    reached = set(files)
    pending = list(reached)
    while pending:
        new = used_by[pending.pop()] - reached
        reached |= new
        pending += new
    return frozenset(reached)


def _uses(program: Program) -> Iterator[tuple[str, str]]:
    everything = {file: module.facts for file, module in program.files.items()} | program.templates.facts
    suffixes = program.templates.suffixes()
    for file, facts in everything.items():
        for node in nodes(*_statements(program, file, facts, suffixes)):
            if isinstance(node, ops.Import):
                yield from ((file, used) for used in _imported(program, file, node))
            elif isinstance(node, ops.Constant) and isinstance(node.value, str) and "." in node.value:
                template = program.templates.named(node.value, file)
                if template is not None:
                    yield file, template.file
    for model in program.models.values():
        for attribute in model.attributes.values():
            yield model.id.file, attribute.at.file  # a base class's, or one that a backref of another model adds
            if attribute.target is not None:
                yield model.id.file, attribute.target.file


def _imported(program: Program, file: str, statement: ops.Import) -> Iterator[str]:
    is_from = statement.module is not None or bool(statement.level)
    for item in statement.names:
        target, is_ours = program.names.finder.find(file, (statement.module or "") if is_from else item.name, statement.level)
        if is_ours:
            yield from _files(program, f"{target}.{item.name}" if is_from else target)


def _files(program: Program, name: str) -> Iterator[str]:
    """The file of a module, if the name is one, and those of the packages around it, which run first."""
    parts = name.split(".")
    for length in range(1, len(parts) + 1):
        file = program.names.finder.file_of.get(".".join(parts[:length]))
        if file is not None:
            yield file


def _statements(program: Program, file: str, facts: FileFacts, suffixes: frozenset[str]) -> Iterator[ops.Stmt]:
    """The statements of all bodies of a file in which something may be imported, or named that ends as templates do; `nodes` finds those
    nested in them."""
    for function, summary in zip(facts.functions, program.names.summary(file).functions, strict=True):
        if summary.has_imports or any(function.may_say(suffix) for suffix in suffixes):
            yield from function.body
    for cls in facts.classes:
        yield from cls.body
