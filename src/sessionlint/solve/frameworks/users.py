"""What a Flask-Login user loader hands out, and so what `current_user` is in the views. Entry points: `remember`, `settle`."""

from __future__ import annotations

from msgspec.structs import replace

from sessionlint.knowledge.frameworks.users import CURRENT_USER
from sessionlint.link import MappedAttribute, Model
from sessionlint.link.symbols import FunctionId
from sessionlint.solve.events import UserLoaded
from sessionlint.solve.history import EMPTY, Step
from sessionlint.solve.state.objects import Instance, Object
from sessionlint.solve.state.state import PathState
from sessionlint.solve.state.values import Value
from sessionlint.solve.walk.machine import Frame, Machine
from sessionlint.source import Range


def loaders(machine: Machine) -> list[FunctionId]:
    """The functions that load the user of a request."""
    points = machine.program.entry_points
    return [function for function in sorted(points) if any(point.kind == "user_loader" for point in points[function])]


def remember(machine: Machine, frame: Frame, state: PathState, value: Value, at: Range) -> None:
    """A loader returned `value` at `at`: say so, and keep a detached instance for `current_user`."""
    thing = state.object(value)
    step = Step("return", frame.at(at), "the user loader returns it")
    if isinstance(thing, Object):
        machine.recorder.add(UserLoaded(step.at, frame.function, EMPTY.then(step), None, "", is_whole=True))
    if not isinstance(thing, Instance):
        return
    status = "detached" if thing.is_detached else "attached"
    model = machine.program.models.get(thing.model)
    is_whole = thing.is_opaque or model is None or _is_whole(thing, model)
    history = thing.history.then(step)
    machine.recorder.add(UserLoaded(step.at, frame.function, history, thing.model, status, is_whole=is_whole))
    if status == "detached" and not thing.is_opaque:
        kept = replace(thing, children=(), is_nullable=False, history=history)
        machine.users.setdefault(frame.function, kept)


def _is_whole(thing: Instance, model: Model) -> bool:
    """Whether nothing that a view may read is left to be loaded. What a query was told to load says what the views need."""
    if thing.is_expired or thing.missing:
        return False
    left = [found for found in model.attributes.values() if _needs_loading(found) and found.name not in thing.loaded]
    return not left or any(_needs_loading(found) and found.name in thing.loaded for found in model.attributes.values())


def _needs_loading(attribute: MappedAttribute) -> bool:
    if attribute.kind == "deferred":
        return True
    return attribute.kind == "relationship" and attribute.lazy in {"select", "", "dynamic", "write_only", "raise", "raise_on_sql"}


def settle(machine: Machine) -> None:
    """All loaders were walked: with one of them, and if it can hand out a detached instance, that is what views have."""
    if len(machine.users) == 1 and len(loaders(machine)) == 1:
        (machine.user,) = machine.users.values()
        machine.relevance.notice({CURRENT_USER.rpartition(".")[2]})
