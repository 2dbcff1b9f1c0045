"""Tasks that were given attached instances: whether somebody waits for them. Entry points: `finish`, `finish_group`, `left`."""

from __future__ import annotations

from msgspec.structs import replace

from sessionlint.solve.events import SessionHandedOver
from sessionlint.solve.history import Step
from sessionlint.solve.state.objects import Task
from sessionlint.solve.state.state import PathState
from sessionlint.solve.state.values import Key, Ref, Value
from sessionlint.solve.walk.machine import Frame, Machine


def finish(state: PathState, value: Value) -> Value:
    """A task is awaited; its result."""
    task, known = state.object(value), state.value(value)
    if isinstance(task, Task) and isinstance(known, Ref):
        state.heap[known.key] = replace(task, is_pending=False)
        return task.result
    return value


def finish_group(state: PathState, group: Key) -> None:
    """The block of a task group is left."""
    for key, task in list(state.heap.items()):
        if isinstance(task, Task) and task.group == group:
            state.heap[key] = replace(task, is_pending=False)


def left(machine: Machine, frame: Frame, state: PathState, kept: set[Key]) -> None:
    """A function returns while a task that it started is still pending, and does not hand it to its caller."""
    for key, task in state.heap.items():
        if isinstance(task, Task) and task.is_pending and task.frame == frame.key and key not in kept:
            _record(machine, task)


def _record(machine: Machine, task: Task) -> None:
    step = Step("store", task.at, "the instance is handed to a concurrent task")
    machine.recorder.add(SessionHandedOver(task.at, task.function, task.history.then(step), "instance", "a concurrent task", task.held))
