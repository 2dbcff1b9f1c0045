"""What Python's builtins give when something tied is handed to them. Entry point: `builtin_call`."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from sessionlint.facts import ops
from sessionlint.rewrite.codemods.scope import tables
from sessionlint.rewrite.codemods.scope.closures import called_back
from sessionlint.rewrite.codemods.scope.summaries import NOTHING, Summary
from sessionlint.rewrite.codemods.scope.values import CLOSURE, PLAIN, UNKNOWN, container, element_of, join, query, unpacked

if TYPE_CHECKING:
    from sessionlint.rewrite.codemods.scope.evaluate import Frame


def builtin_call(frame: Frame, name: str, node: ops.Call) -> Summary | None:
    """What calling the builtin gives, None for one that is not known."""
    if name in tables.PLAIN_BUILTINS:
        return NOTHING
    if name in ("getattr", "setattr", "delattr"):
        if name != "getattr":
            return Summary(PLAIN, writes=frame.value(node.args[0]).is_tied)
        key = node.args[1] if len(node.args) > 1 else None
        holder = frame.value(node.args[0])
        known = isinstance(key, ops.Constant) and isinstance(key.value, str) and holder.kind == "instance"
        return Summary(frame.mapped(holder.model, str(key.value)) if known and isinstance(key, ops.Constant) else UNKNOWN)
    if name in tables.COLLECTING_BUILTINS:
        streams = node.args[:1] if name == "next" or (name in ("min", "max") and len(node.args) == 1) else node.args
        element = PLAIN
        for arg in streams:
            held = frame.value(arg)
            element = join(element, element_of(held) if held != CLOSURE else PLAIN)
        by = called_back(frame, name, node, element)
        if name in ("next", "min", "max"):
            others = (*node.args[len(streams) :], *(keyword.value for keyword in node.keywords if keyword.name == "default"))
            chosen = frame.joined(node.args) if len(streams) > 1 else element
            return replace(by, value=join(chosen, frame.joined(others)))
        if name == "map":
            return by
        if name in ("iter", "reversed", "enumerate", "zip", "filter"):
            return replace(by, value=query(unpacked(element) if name in ("enumerate", "zip") and element.is_tied else element))
        return replace(by, value=container(element))
    return None
