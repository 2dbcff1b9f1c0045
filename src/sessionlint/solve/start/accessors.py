"""What a model is looked at with: `__repr__`, properties, comparisons, `to_dict`. Entry point: `looked_at`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sessionlint.facts import ops
from sessionlint.knowledge.sqlalchemy.accessors import IMPLICIT, SERIALIZERS
from sessionlint.knowledge.sqlalchemy.options import EAGER_LAZY_VALUES, LOADED_LAZY_VALUES
from sessionlint.link import Model, Program
from sessionlint.link.names.walk import nodes
from sessionlint.link.symbols import ClassId, FunctionId
from sessionlint.solve.state.objects import Instance

_IN_MEMORY = EAGER_LAZY_VALUES | LOADED_LAZY_VALUES


@dataclass(frozen=True, slots=True)
class LookedAt:
    """A function of a model that is walked by itself; `context` as in `AttributeRead`."""

    function: FunctionId
    model: ClassId
    context: str

    def instance(self) -> Instance:
        """The instance it is called on: detached, with its columns in memory unless they are expired."""
        return Instance(self.model, None, is_detached=True, chain=(self.model,), context=self.context, is_expired=self.context == "expired")


def looked_at(program: Program) -> Iterator[LookedAt]:
    """All of them, by model."""
    for id in sorted(program.models):
        model = program.models[id]
        if model.is_mapped:
            for shown in dict.fromkeys((model.repr_function, model.str_function)):
                if shown is not None:
                    yield LookedAt(shown, id, "repr")
                    yield LookedAt(shown, id, "expired")
            yield from _accessors(program, model)


def _accessors(program: Program, model: Model) -> Iterator[LookedAt]:
    """Properties and the like that may come to a relationship which need not be in memory; an inherited one is its owner's matter."""
    wanted = {name for name, found in model.attributes.items() if found.kind == "relationship" and found.lazy not in _IN_MEMORY}
    if not wanted:
        return
    functions = [found.function for found in model.attributes.values() if found.kind in ("property", "hybrid")]
    functions += [program.method(model.id, name) for name in sorted(IMPLICIT | SERIALIZERS)]
    reach = _Reach(program, model, wanted)
    for function in dict.fromkeys(functions):
        if function is None:
            continue
        owner = program.owner_of(function)
        is_own = owner == model.id or owner is None or owner not in program.models or not program.models[owner].is_mapped
        if is_own and reach.comes_to(function):
            yield LookedAt(function, model.id, "accessor")


class _Reach:
    """Which functions of a model read one of `wanted`, themselves or through another attribute of the model."""

    def __init__(self, program: Program, model: Model, wanted: set[str]) -> None:
        self._program, self._model, self._wanted = program, model, wanted

    def comes_to(self, function: FunctionId) -> bool:
        """Whether it may."""
        seen, pending = {function}, [function]
        while pending:
            for name in self._names(pending.pop()):
                meant = self._meant(name)
                if meant in self._wanted:
                    return True
                attribute = self._model.attributes.get(meant)
                if attribute is not None and attribute.function is not None and attribute.function not in seen:
                    seen.add(attribute.function)
                    pending.append(attribute.function)
        return False

    def _names(self, function: FunctionId) -> set[str]:
        return {each.name for each in nodes(*self._program.function(function).body) if isinstance(each, ops.Attribute)}

    def _meant(self, name: str) -> str:
        """The attribute that one stands for, as a synonym or proxy."""
        passed = {name}
        attribute = self._model.attributes.get(name)
        while name not in self._wanted and attribute is not None and attribute.proxy is not None and attribute.proxy[0] not in passed:
            name = attribute.proxy[0]
            passed.add(name)
            attribute = self._model.attributes.get(name)
        return name
