"""Jinja's statements as operations. Entry points: `body`, `template`."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from jinja2 import nodes

from sessionlint.capture.templates.draft import Draft
from sessionlint.capture.templates.expressions import arguments, expression
from sessionlint.facts import Parameter, ops

BLOCK = "block "
"""What the name of a block's function begins with: no macro's name can."""


def template(draft: Draft, node: nodes.Template) -> None:
    """Reduce a whole template; the body is the draft's first function.

    What extends another only sets and imports for itself; what it outputs outside of its blocks is never shown.
    """
    position = draft.reserve()
    extends = next(node.find_all(nodes.Extends), None)
    if extends is None:
        done = body(draft, node.body)
    else:
        done = body(draft, [item for item in node.body if not isinstance(item, nodes.Output | nodes.Extends | nodes.Block)])
        for block in node.find_all(nodes.Block):
            _block(draft, block)
        done = (*done, ops.Evaluate(draft.at(extends.lineno), draft.library(extends.lineno, "jinja.extends", _of(draft, extends))))
    draft.define(position, "<template>", 1, done)


def body(draft: Draft, items: Iterable[nodes.Node]) -> tuple[ops.Stmt, ...]:
    """The operations of several statements."""
    return tuple(done for item in items for done in _statement(draft, item))


def _statement(draft: Draft, node: nodes.Node) -> tuple[ops.Stmt, ...]:
    handler = _HANDLERS.get(type(node))
    if handler is not None:
        return handler(draft, node)
    inner = getattr(node, "body", None)
    return body(draft, inner) if isinstance(inner, list) else ()


def _of(draft: Draft, node: Any) -> ops.Expr:
    return expression(draft, node.template)


def _output(draft: Draft, node: nodes.Output) -> tuple[ops.Stmt, ...]:
    shown = [part for part in node.nodes if not isinstance(part, nodes.TemplateData)]
    return tuple(
        ops.Evaluate(draft.at(part.lineno), ops.FormattedString(draft.at(part.lineno), (expression(draft, part),), ("",))) for part in shown
    )


def _for(draft: Draft, node: nodes.For) -> tuple[ops.Stmt, ...]:
    """A loop; Jinja's `else` is for a loop over nothing."""
    iterated = expression(draft, node.iter)
    inner = body(draft, node.body)
    if node.test is not None:
        inner = (ops.If(draft.at(node.lineno), expression(draft, node.test), inner, ()),)
    loop = ops.For(draft.at(node.lineno), expression(draft, node.target), iterated, inner, (), False)
    if not node.else_:
        return (loop,)
    return (ops.If(draft.at(node.lineno), iterated, (loop,), body(draft, node.else_)),)


def _if(draft: Draft, node: nodes.If) -> tuple[ops.Stmt, ...]:
    test = expression(draft, node.test)
    inner = body(draft, node.body)
    others = body(draft, node.else_)
    for part in reversed(node.elif_):
        others = (ops.If(draft.at(part.lineno), expression(draft, part.test), body(draft, part.body), others),)
    return (ops.If(draft.at(node.lineno), test, inner, others),)


def _assign(draft: Draft, node: nodes.Assign) -> tuple[ops.Stmt, ...]:
    value = expression(draft, node.node)
    return (ops.Assign(draft.at(node.lineno), (expression(draft, node.target),), value, None),)


def _assign_block(draft: Draft, node: nodes.AssignBlock) -> tuple[ops.Stmt, ...]:
    text = ops.Other(draft.at(node.lineno), "text", ())
    return (*body(draft, node.body), ops.Assign(draft.at(node.lineno), (expression(draft, node.target),), text, None))


def _with(draft: Draft, node: nodes.With) -> tuple[ops.Stmt, ...]:
    bound = [
        ops.Assign(draft.at(node.lineno), (expression(draft, target),), expression(draft, value), None)
        for target, value in zip(node.targets, node.values, strict=False)
    ]
    return (*bound, *body(draft, node.body))


def _block(draft: Draft, node: nodes.Block) -> tuple[ops.Stmt, ...]:
    position = draft.reserve()
    around, draft.block = draft.block, node.name
    done = body(draft, node.body)
    draft.block = around
    draft.define(position, BLOCK + node.name, node.lineno, done)
    called = draft.library(node.lineno, "jinja.block", ops.Constant(draft.at(node.lineno), node.name))
    return (ops.Evaluate(draft.at(node.lineno), called),)


def _include(draft: Draft, node: nodes.Include) -> tuple[ops.Stmt, ...]:
    return (ops.Evaluate(draft.at(node.lineno), draft.library(node.lineno, "jinja.include", _of(draft, node))),)


def _import(draft: Draft, node: nodes.Import) -> tuple[ops.Stmt, ...]:
    value = draft.library(node.lineno, "jinja.import", _of(draft, node))
    return (ops.Assign(draft.at(node.lineno), (draft.name(node.lineno, node.target),), value, None),)


def _from_import(draft: Draft, node: nodes.FromImport) -> tuple[ops.Stmt, ...]:
    done = []
    for item in node.names:
        name, bound = item if isinstance(item, tuple) else (item, item)
        value = draft.library(node.lineno, "jinja.import", _of(draft, node), ops.Constant(draft.at(node.lineno), name))
        done.append(ops.Assign(draft.at(node.lineno), (draft.name(node.lineno, bound),), value, None))
    return tuple(done)


def _macro(draft: Draft, node: nodes.Macro) -> tuple[ops.Stmt, ...]:
    position = draft.reserve()
    index = draft.define(position, node.name, node.lineno, body(draft, node.body), _parameters(draft, node))
    return (ops.FunctionDef(draft.at(node.lineno), index),)


def _parameters(draft: Draft, node: Any) -> tuple[Parameter, ...]:
    """A macro takes any argument: those that it does not name are in `varargs`, `kwargs` and `caller`."""
    plain = [argument.name for argument in node.args]
    defaults = [None] * (len(plain) - len(node.defaults)) + [expression(draft, value) for value in node.defaults]
    draft.names.update(plain)
    named = [Parameter(name, "positional", None, default) for name, default in zip(plain, defaults, strict=True)]
    none = ops.Constant(draft.at(node.lineno), None)
    caller = [] if "caller" in plain else [Parameter("caller", "keyword-only", None, none)]
    return (*named, Parameter("varargs", "*", None, None), *caller, Parameter("kwargs", "**", None, None))


def _call_block(draft: Draft, node: nodes.CallBlock) -> tuple[ops.Stmt, ...]:
    position = draft.reserve()
    index = draft.define(position, "caller", node.lineno, body(draft, node.body), _parameters(draft, node))
    args, keywords = arguments(draft, node.call)
    caller = ops.Keyword("caller", ops.Lambda(draft.at(node.lineno), index))
    call = ops.Call(draft.at(node.lineno), expression(draft, node.call.node), args, (*keywords, caller))
    return (ops.Evaluate(draft.at(node.lineno), call),)


def _do(draft: Draft, node: nodes.ExprStmt) -> tuple[ops.Stmt, ...]:
    return (ops.Evaluate(draft.at(node.lineno), expression(draft, node.node)),)


def _jump(kind: type[ops.Break] | type[ops.Continue]) -> Callable[[Draft, Any], tuple[ops.Stmt, ...]]:
    return lambda draft, node: (kind(draft.at(node.lineno)),)


_HANDLERS: dict[type, Callable[[Draft, Any], tuple[ops.Stmt, ...]]] = {
    nodes.Output: _output,
    nodes.For: _for,
    nodes.If: _if,
    nodes.Assign: _assign,
    nodes.AssignBlock: _assign_block,
    nodes.With: _with,
    nodes.Block: _block,
    nodes.Include: _include,
    nodes.Import: _import,
    nodes.FromImport: _from_import,
    nodes.Macro: _macro,
    nodes.CallBlock: _call_block,
    nodes.ExprStmt: _do,
    nodes.Break: _jump(ops.Break),
    nodes.Continue: _jump(ops.Continue),
}
