"""Parameters and arguments that are added keep the layout they find."""

from __future__ import annotations

import pytest

from sessionlint.capture import capture
from sessionlint.facts import ops
from sessionlint.rewrite.edit import compose
from sessionlint.rewrite.signature import NewParameter, add_arguments, add_parameters, parameter_at
from sessionlint.rewrite.text import read_text

SIGNATURES = {
    "def f(): pass": "def f(db: S): pass",
    "def f(a): pass": "def f(a, db: S): pass",
    "def f(a,): pass": "def f(a, db: S,): pass",
    "def f(a=1): pass": "def f(a=1, *, db: S): pass",
    "def f(a, *, b=1): pass": "def f(a, *, b=1, db: S): pass",
    "def f(*a): pass": "def f(*a, db: S): pass",
    "def f(a, /): pass": "def f(a, /, db: S): pass",
    "def f(**a): pass": "def f(db: S, **a): pass",
    "def f(a=(1, {2: 3}), **b): pass": "def f(a=(1, {2: 3}), *, db: S, **b): pass",
    "def f(\n    a,\n    b\n): pass": "def f(\n    a,\n    b,\n    db: S,\n): pass",
    "def f(\n    a,  # one\n): pass": "def f(\n    a,  # one\n    db: S,\n): pass",
    "def f(a,\n      b): pass": "def f(a,\n      b, db: S): pass",
    'async def f(a: "(x" = ")"): pass': 'async def f(a: "(x" = ")", *, db: S): pass',
}

CALLS = {
    "f()": "f(db)",
    "f(1)": "f(1, db)",
    "f((1))": "f((1), db)",
    "f(1, )": "f(1, db, )",
    "f(a=1)": "f(a=1, db)",
    "f(*a)": "f(*a, db)",
    "f('#')": "f('#', db)",
    "f(x for x in y)": "f((x for x in y), db)",
    "f((x for x in y))": "f((x for x in y), db)",
    "f(\n    1,\n    2\n)": "f(\n    1,\n    2,\n    db,\n)",
    "f(\n    1,\n    a=2,  # two\n)": "f(\n    1,\n    a=2,  # two\n    db,\n)",
    "f(1,  # one\n  2)": "f(1,  # one\n  2, db)",
    "f(  # nothing\n)": "f(  # nothing\ndb)",
    'f"{f()} {f(1)}"': 'f"{f(db)} {f(1, db)}"',
    "f(f())": "f(f(db), db)",
}


@pytest.mark.parametrize("before", SIGNATURES)
def test_signatures(before: str) -> None:
    text = read_text(before.encode())
    edits = add_parameters(text.lines, capture(before.encode()).functions[1], [NewParameter("db", "S")])
    assert edits is not None
    assert "".join(compose(text, [edits], frozenset())) == SIGNATURES[before]
    assert capture(SIGNATURES[before].encode()).error is None


@pytest.mark.parametrize("before", CALLS)
def test_calls(before: str) -> None:
    text, facts = read_text(before.encode()), capture(before.encode()).functions[0]
    pending: list[object] = list(facts.body)
    edits = []
    while pending:
        node = pending.pop()
        if isinstance(node, ops.Call):
            made = add_arguments(text.lines, node, ["db"])
            assert made is not None
            edits.append(made)
            pending += node.args
        elif isinstance(node, ops.Evaluate):
            pending.append(node.value)
        elif isinstance(node, ops.FormattedString):
            pending += node.parts
    assert "".join(compose(text, edits, frozenset())) == CALLS[before]


def test_several_at_once() -> None:
    text = read_text(b"def f(a): pass")
    edits = add_parameters(text.lines, capture(b"def f(a): pass").functions[1], [NewParameter("db"), NewParameter("user_id", "int")])
    assert edits is not None
    assert "".join(compose(text, [edits], frozenset())) == "def f(a, db, user_id: int): pass"


def test_a_parameter_is_found_with_its_annotation() -> None:
    content = b"def f(a, *, order: list[Order] = None): pass"
    at = parameter_at(read_text(content).lines, capture(content).functions[1], "order")
    assert at is not None
    assert content[at.column - 1 : at.end_column - 1] == b"order: list[Order]"
