"""Joins the parts of the walk into one `Machine`. Entry point: `Interpreter`."""

from __future__ import annotations

from sessionlint.solve.calls import calls
from sessionlint.solve.walk import attributes, conditions, expressions, iteration, statements, targets
from sessionlint.solve.walk.machine import Machine


class Interpreter(Machine):
    """The doors between the parts, each the function that is behind it: there is a call through one at every step."""

    evaluate = expressions.evaluate
    evaluate_all = expressions.evaluate_all
    branch = conditions.branch
    execute = statements.execute
    assign = targets.assign
    read = attributes.read
    call = calls.call
    run = calls.run_function
    acquire = calls.acquired
    iterate = iteration.iterate
