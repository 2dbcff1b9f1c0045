"""Coroutines that run beside whoever started them, and what others do to their sessions meanwhile. Entry points: `finish`, `used`,
`left`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from sessionlint.solve.events import SessionHandedOver
from sessionlint.solve.history import Step
from sessionlint.solve.machine import Frame, Machine
from sessionlint.solve.objects import Task
from sessionlint.solve.state import PathState
from sessionlint.solve.values import Key, Ref, Value


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


def used(machine: Machine, state: PathState, sessions: Iterable[Key]) -> None:
    """Somebody uses or closes sessions that a pending task has as well."""
    for task in pending(state, frozenset(sessions)):
        _record(machine, task)


def left(machine: Machine, frame: Frame, state: PathState, kept: set[Key]) -> None:
    """A function returns while a task that it started is still pending, and does not hand it to its caller."""
    for key, task in state.heap.items():
        if isinstance(task, Task) and task.is_pending and task.frame == frame.key and key not in kept:
            _record(machine, task)


def pending(state: PathState, sessions: frozenset[Key]) -> Iterator[Task]:
    """The tasks that still run and use one of `sessions`."""
    for task in state.heap.values():
        if isinstance(task, Task) and task.is_pending and task.sessions & sessions:
            yield task


def _record(machine: Machine, task: Task) -> None:
    what = "session" if task.sessions else "instance"
    step = Step("store", task.at, f"the {what} is handed to a concurrent task")
    machine.recorder.add(SessionHandedOver(task.at, task.function, task.history.then(step), what, "a concurrent task"))
