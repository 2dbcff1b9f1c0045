"""Every kind of statement, from source to facts."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from sessionlint.facts import FileFacts, decode, encode, ops
from sessionlint.source import Range

Body = Callable[[str | bytes], list[str]]
Facts = Callable[[str | bytes], FileFacts]
Show = Callable[..., list[str]]

STATEMENTS = {
    "nothing": ("", []),
    "comment": ("# only\n", []),
    "docstring and literals": ("'''doc'''\n1\n...\nb''\nNone\npass\n", []),
    "expression": ("a\nb()\n", ["(Evaluate a)", "(Evaluate (Call b [] []))"]),
    "semicolons": ("a; b; pass; c;\n", ["(Evaluate a)", "(Evaluate b)", "(Evaluate c)"]),
    "assignment": ("a = b, c = d\n", ["(Assign [a (Display tuple [b c])] d -)"]),
    "unpacking": (
        "(a, [b, *c]), d.e = f\n",
        ["(Assign [(Display tuple [(Display tuple [a (Display list [b (Starred c)])]) (Attribute d e)])] f -)"],
    ),
    "annotation": ("a: int\nb.c: d[e] = f\n", ["(Assign [a] - int)", "(Assign [(Attribute b c)] f (Subscript d e))"]),
    "augmented": ("a += b\nc //= d\ne @= f\n", ["(AugAssign a + b)", "(AugAssign c // d)", "(AugAssign e @ f)"]),
    "delete": ("del a, b.c, d['e']\ndel (f)\n", ["(Delete [a (Attribute b c) (Subscript d 'e')])", "(Delete [f])"]),
    "raise": ("raise\nraise a\nraise a from b\nraise a from None\n", ["(Raise - -)", "(Raise a -)", "(Raise a b)", "(Raise a None)"]),
    "assert": ("assert a\nassert a, b\n", ["(Assert a -)", "(Assert a b)"]),
    "if": (
        "if a: b\nelif c:\n    d\nelse:\n    e\n",
        ["(If a [(Evaluate b)] [(If c [(Evaluate d)] [(Evaluate e)])])"],
    ),
    "type checking": ("if TYPE_CHECKING:\n    import a\n", ["(If TYPE_CHECKING [(Import - 0 [(ImportedName a a)])] [])"]),
    "while": ("while a:\n    break\nelse:\n    b\n", ["(While a [(Break)] [(Evaluate b)])"]),
    "for": ("for a, b in c:\n    continue\nelse:\n    d\n", ["(For (Display tuple [a b]) c [(Continue)] [(Evaluate d)] False)"]),
    "try": (
        "try:\n    a\nexcept b as c:\n    d\nexcept (e, f):\n    g\nexcept:\n    h\nelse:\n    i\nfinally:\n    j\n",
        [
            "(Try [(Evaluate a)] [(Handler b c [(Evaluate d)]) "
            "(Handler (Display tuple [e f]) '' [(Evaluate g)]) (Handler - '' [(Evaluate h)])]"
            " [(Evaluate i)] [(Evaluate j)] False)"
        ],
    ),
    "except without parentheses": (
        "try:\n    a\nexcept b, c:\n    d\n",
        ["(Try [(Evaluate a)] [(Handler (Display tuple [b c]) '' [(Evaluate d)])] [] [] False)"],
    ),
    "try star": ("try:\n    a\nexcept* b:\n    c\n", ["(Try [(Evaluate a)] [(Handler b '' [(Evaluate c)])] [] [] True)"]),
    "with": ("with a as b, c:\n    d\n", ["(With [(WithItem a b) (WithItem c -)] [(Evaluate d)] False)"]),
    "with in parentheses": ("with (a() as (b, c), d,):\n    e\n", None),
    "with a parenthesised context": ("with (a) as b: c\n", ["(With [(WithItem a b)] [(Evaluate c)] False)"]),
    "imports": (
        "import a, b.c, d.e as f\nfrom g import h as i, j\nfrom . import k\nfrom ...l.m import (n,\n    o,)\nfrom p import *\n",
        [
            "(Import - 0 [(ImportedName a a) (ImportedName b.c b) (ImportedName d.e f)])",
            "(Import g 0 [(ImportedName h i) (ImportedName j j)])",
            "(Import '' 1 [(ImportedName k k)])",
            "(Import l.m 3 [(ImportedName n n) (ImportedName o o)])",
            "(Import p 0 [(ImportedName * *)])",
        ],
    ),
    "type alias": ("type A[T: int = str, *Ts, **P] = list[T]\n", ["(Assign [A] (Subscript list T) -)"]),
}


@pytest.mark.parametrize(("source", "expected"), [pytest.param(*case, id=name) for name, case in STATEMENTS.items() if case[1] is not None])
def test_statement(body: Body, source: str, expected: list[str]) -> None:
    assert body(source) == expected


def test_with_in_parentheses(body: Body) -> None:
    assert body(STATEMENTS["with in parentheses"][0]) == [
        "(With [(WithItem (Call a [] []) (Display tuple [b c])) (WithItem d -)] [(Evaluate e)] False)"
    ]


def test_statements_of_functions(facts: Facts, show: Show) -> None:
    found = facts(
        "async def f():\n    global a, b\n    async with c as d:\n        async for e in g:\n            return\n    return h, i\n"
    )
    assert show(found.functions[1].body) == [
        "(Global [a b] False)",
        "(With [(WithItem c d)] [(For e g [(Return -)] [] True)] True)",
        "(Return (Display tuple [h i]))",
    ]


def test_match(facts: Facts, show: Show) -> None:
    found = facts(
        """
        match a, b:
            case 1 | -2 | "c" if d: e
            case None | q.r:
                pass
            case User(f, name=g) as h: pass
            case [i, *j] | (i, j): pass
            case k, *_: pass
            case {"l": m, **n}: pass
            case (User() | _): pass
            case o: pass
            case _: pass
        """
    )
    (statement,) = found.functions[0].body
    assert isinstance(statement, ops.Match)
    assert show([statement.subject]) == ["(Display tuple [a b])"]
    assert show(statement.cases) == [
        "(Case [] [1 (Other - [2]) 'c'] [] False d [(Evaluate e)])",
        "(Case [] [None (Attribute q r)] [] False - [])",
        "(Case [User] [] [f g h] False - [])",
        "(Case [] [] [i j] False - [])",
        "(Case [] [] [k] False - [])",
        "(Case [] ['l'] [m n] False - [])",
        "(Case [User] [] [] True - [])",
        "(Case [] [] [o] True - [])",
        "(Case [] [] [] True - [])",
    ]
    assert found.functions[0].names == ("f", "g", "h", "i", "j", "k", "m", "n", "o")
    assert statement.cases[0].at == Range(3, 5, 3, 28)


def test_places_of_compound_statements(facts: Facts) -> None:
    found = facts("@a\n\nasync def f(\n    b):\n    with c:\n        d  # e\n\n    # f\ntry: g\nexcept (h,\n  i): j\n")
    function, tried = found.functions[0].body
    assert function.at == Range(3, 1, 6, 10)
    assert found.functions[1].at == Range(3, 11, 3, 12)
    assert found.functions[1].span == Range(1, 1, 6, 10)
    assert found.functions[1].body[0].at == Range(5, 5, 6, 10)
    assert isinstance(tried, ops.Try)
    assert tried.handlers[0].at == Range(10, 1, 11, 6)
    assert found.functions[0].span == Range(1, 1, 12, 1)


def test_a_long_chain_of_elif_does_not_nest(facts: Facts, show: Show) -> None:
    found = facts("if a0: b0\n" + "".join(f"elif a{i}: b{i}\n" for i in range(1, 2000)) + "else: c\n")
    (statement,) = found.functions[0].body
    assert isinstance(statement, ops.Match)
    assert len(statement.cases) == 2001
    assert show(statement.cases[1:2] + statement.cases[-1:]) == [
        "(Case [] [] [] True a1 [(Evaluate b1)])",
        "(Case [] [] [] True - [(Evaluate c)])",
    ]
    assert decode(encode(found)) == found
