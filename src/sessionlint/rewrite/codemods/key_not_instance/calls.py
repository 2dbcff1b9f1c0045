"""Calls that have a function run elsewhere: which function, and what each of its parameters is given. Entry point: `read_call`."""

from __future__ import annotations

from dataclasses import dataclass

from sessionlint.facts import ops
from sessionlint.facts.ops import Expr
from sessionlint.link import FunctionId, FunctionSymbol, Program
from sessionlint.link.names.walk import keyword
from sessionlint.rewrite.reading.walk import dotted

_OTHERS = frozenset("map map_async imap imap_unordered starmap starmap_async add_job".split())
"""Calls that give the function something else than its arguments."""
_PACKED = frozenset("apply apply_async".split())
_THREADS = {"Thread": ("target", 1), "Process": ("target", 1), "Timer": ("function", 1)}


@dataclass(frozen=True, slots=True)
class Argument:
    """What a parameter is given. `label` is the keyword, or the key in `kwargs=`, by which it is; None for a position."""

    value: Expr
    label: Expr | str | None = None


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """A call that has `function` run elsewhere; `inner` is the call of the function itself, of a coroutine."""

    function: FunctionId
    arguments: dict[str, Argument]
    inner: ops.Call | None = None


def read_call(program: Program, caller: FunctionId, call: ops.Call) -> Elsewhere | str:
    """What a call has run where; a text says why that is not known."""
    name = dotted(call.func).rpartition(".")[2]
    if name in _OTHERS:
        return f"`{name}()` gives the function other arguments than are written here"
    if name in _THREADS:
        return _of_thread(program, caller, call, *_THREADS[name])
    for position, given in enumerate(call.args):
        if isinstance(given, ops.Starred):
            break
        target = _function(program, caller, given)
        if target is not None:
            rest = call.args[position + 1 :]
            if name in _PACKED:
                return _packed(program, target, rest[0] if rest else keyword(call, "args"), rest[1] if len(rest) > 1 else None)
            return _bound(program, target, rest, [(item.name, item.value, item.name) for item in call.keywords])
        if isinstance(given, ops.Call) and (target := _function(program, caller, given.func)) is not None and len(call.args) == 1:
            found = _bound(program, target, given.args, [(item.name, item.value, item.name) for item in given.keywords])
            return found if isinstance(found, str) else Elsewhere(target, found.arguments, given)
    return "what runs there is not a function of the program"


def _of_thread(program: Program, caller: FunctionId, call: ops.Call, name: str, position: int) -> Elsewhere | str:
    given = keyword(call, name) or (call.args[position] if len(call.args) > position else None)
    target = _function(program, caller, given) if given is not None else None
    if target is None:
        return "what runs there is not a function of the program"
    shift = 2 if name == "function" else 3
    args = keyword(call, "args") or (call.args[shift] if len(call.args) > shift else None)
    kwargs = keyword(call, "kwargs") or (call.args[shift + 1] if len(call.args) > shift + 1 else None)
    return _packed(program, target, args, kwargs)


def _packed(program: Program, target: FunctionId, args: Expr | None, kwargs: Expr | None) -> Elsewhere | str:
    if not isinstance(args, ops.Display | None) or not isinstance(kwargs, ops.DictDisplay | None):
        return "the arguments are not written in the call"
    named: list[tuple[str | None, Expr, Expr | str | None]] = []
    for key, value in zip(kwargs.keys, kwargs.values, strict=True) if kwargs is not None else ():
        is_plain = isinstance(key, ops.Constant) and isinstance(key.value, str)
        named.append((str(key.value) if is_plain and isinstance(key, ops.Constant) else None, value, key))
    return _bound(program, target, args.items if args is not None else (), named)


def _bound(
    program: Program, target: FunctionId, positional: tuple[Expr, ...], named: list[tuple[str | None, Expr, Expr | str | None]]
) -> Elsewhere | str:
    facts = program.function(target)
    names = [p.name for p in facts.parameters if p.kind in ("positional", "positional-only")]
    is_open = any(isinstance(value, ops.Starred) for value in positional) or any(name is None for name, _, _ in named)
    if is_open or len(positional) > len(names) or facts.owner >= 0:
        return "which parameter gets the instance is not plain from the call"
    found = {name: Argument(value) for name, value in zip(names, positional, strict=False)}
    found |= {name: Argument(value, label) for name, value, label in named if name is not None}
    return Elsewhere(target, found)


def _function(program: Program, caller: FunctionId, given: Expr) -> FunctionId | None:
    symbol = program.resolve(caller, given) if isinstance(given, ops.Name | ops.Attribute) else None
    return symbol.id if isinstance(symbol, FunctionSymbol) else None
