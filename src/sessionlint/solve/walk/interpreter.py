"""Joins the parts of the walk into one `Machine`. Entry point: `Interpreter`."""

from __future__ import annotations

from collections.abc import Sequence

from sessionlint.facts.ops import Expr, Stmt
from sessionlint.solve.calls import calls
from sessionlint.solve.state.objects import Arguments
from sessionlint.solve.state.outcome import Outcome
from sessionlint.solve.state.state import PathState
from sessionlint.solve.state.values import FunctionValue, Value
from sessionlint.solve.walk import attributes, conditions, expressions, iteration, statements, targets
from sessionlint.solve.walk.machine import Consumer, Frame, Machine, Results
from sessionlint.source import Range


class Interpreter(Machine):
    """The doors between the parts, each to the module that is behind it."""

    def evaluate(self, frame: Frame, state: PathState, expr: Expr) -> Results:
        return expressions.evaluate(self, frame, state, expr)

    def evaluate_all(self, frame: Frame, state: PathState, exprs: Sequence[Expr]) -> list[tuple[PathState, tuple[Value, ...]]]:
        return expressions.evaluate_all(self, frame, state, exprs)

    def branch(self, frame: Frame, state: PathState, expr: Expr) -> tuple[list[PathState], list[PathState]]:
        return conditions.branch(self, frame, state, expr)

    def execute(self, frame: Frame, states: list[PathState], body: Sequence[Stmt]) -> Outcome:
        return statements.execute(self, frame, states, body)

    def assign(self, frame: Frame, state: PathState, target: Expr, value: Value) -> list[PathState]:
        return targets.assign(self, frame, state, target, value)

    def read(self, frame: Frame, state: PathState, value: Value, name: str, at: Range, reported: Range) -> Results:
        return attributes.read(self, frame, state, value, name, at, reported)

    def call(self, frame: Frame, state: PathState, function: Value, arguments: Arguments, at: Range) -> Results:
        return calls.call(self, frame, state, function, arguments, at)

    def run(self, frame: Frame, state: PathState, function: FunctionValue, arguments: Arguments, at: Range) -> Results:
        return calls.run_function(self, frame, state, function, arguments, at)

    def acquire(self, frame: Frame, state: PathState, function: FunctionValue | None, arguments: Arguments, at: Range) -> Results:
        return calls.acquired(self, frame, state, function, arguments, at)

    def iterate(self, frame: Frame, state: PathState, value: Value, at: Range, consumer: Consumer) -> Outcome:
        return iteration.iterate(self, frame, state, value, at, consumer)
