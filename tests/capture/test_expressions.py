"""Every kind of expression, from source to facts."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import libcst as cst
import pytest

from sessionlint.capture.visitor import HANDLERS
from sessionlint.facts import FileFacts, ops
from sessionlint.source import Range

Body = Callable[[str | bytes], list[str]]

EXPRESSIONS = {
    "name": ("x = a", "a"),
    "singletons": ("x = (True, False, None)", "(Display tuple [True False None])"),
    "attribute": ("x = a.b.c", "(Attribute (Attribute a b) c)"),
    "attribute of parentheses": ("x = (a).b", "(Attribute a b)"),
    "integer": ("x = 0x_ff", "255"),
    "integer beyond 64 bits": ("x = 9223372036854775808", "(Other literal [])"),
    "largest integer": ("x = 9223372036854775807", "9223372036854775807"),
    "integer of many digits": (f"x = {'9' * 5000}", "(Other literal [])"),
    "other literals": ("x = [1.5, .5, 2j, b'a', ...]", "(Display list [" + " ".join(["(Other literal [])"] * 5) + "])"),
    "string": ("x = 'a\"b'", "'a\"b'"),
    "triple quotes": ('x = """a\nb"""', "'a\\nb'"),
    "escapes": (r"x = '\x41\n'", "'A\\n'"),
    "invalid escape": (r"x = '\d'", "'\\\\d'"),
    "raw": (r"x = r'\d'", "'\\\\d'"),
    "lone surrogate": (r"x = 'a\ud800'", "'a?'"),
    "not even Python reads it": (r"x = '\xZZ'", "(Other literal [])"),
    "adjacent strings": ("x = 'a' r'\\b' u'c'", "'a\\\\bc'"),
    "adjacent bytes": ("x = b'a' b'b'", "(Other literal [])"),
    "adjacent with f-string": ("x = 'a' f'{b}' 'c'", "(FormattedString [b] [''])"),
    "long text": (f"x = {'a' * 201!r}", "'...'"),
    "text at the limit": (f"x = {'a' * 200!r}", repr("a" * 200)),
    "long template": (f"x = {'{{ user }}' * 30!r}", repr("{{ user }}" * 30)),
    "long adjacent text": ("x = " + " ".join(["'aaaaaaaaaa'"] * 21), "'...'"),
    "f-string": ("x = f'a{{b}}{c!r:>{d}} {e = } {f(1):,}'", "(FormattedString [c d e (Call f [1] [])] [r '' '' ''])"),
    "nested f-string": ("""x = f'{a["b"]} {f"{c}"}'""", "(FormattedString [(Subscript a 'b') (FormattedString [c] [''])] ['' ''])"),
    "f-string in the quotes of PEP 701": ("""x = f'{a['b']}'""", "(FormattedString [(Subscript a 'b')] [''])"),
    "f-string over lines": ("x = f'''{\n    a  # not a comment's end: }\n}'''", "(FormattedString [a] [''])"),
    "t-string": ("x = t'{a!s}'", "(FormattedString [a] [s])"),
    "empty tuple": ("x = ()", "(Display tuple [])"),
    "tuple": ("x = a, *b,", "(Display tuple [a (Starred b)])"),
    "list": ("x = [a, *b]", "(Display list [a (Starred b)])"),
    "set": ("x = {a, *b}", "(Display set [a (Starred b)])"),
    "dict": ("x = {a: 1, **b, 'c': d}", "(DictDisplay [a - 'c'] [1 b d])"),
    "call": ("x = f(a, *b, c=1, **d)", "(Call f [a (Starred b)] [(Keyword c 1) (Keyword - d)])"),
    "call of a call": ("x = f()(1)", "(Call (Call f [] []) [1] [])"),
    "subscript": ("x = a[b]", "(Subscript a b)"),
    "several indices": ("x = a[b, c]", "(Subscript a (Display tuple [b c]))"),
    "one index and a comma": ("x = a[b,]", "(Subscript a (Display tuple [b]))"),
    "parenthesised indices": ("x = a[(b, c)]", "(Subscript a (Display tuple [b c]))"),
    "starred index": ("x = a[*b]", "(Subscript a (Starred b))"),
    "slices": ("x = a[:], a[1:], a[:2], a[::3], a[1:2:3], a[: , ::]", None),
    "generator as only argument": ("x = f(a for a in b)", "(Call f [(Comprehension generator a - [(Clause a b [] False)])] [])"),
    "list comprehension": (
        "x = [a for b in c if d if e for a in b]",
        "(Comprehension list a - [(Clause b c [d e] False) (Clause a b [] False)])",
    ),
    "set comprehension": ("x = {a for a, b in c}", "(Comprehension set a - [(Clause (Display tuple [a b]) c [] False)])"),
    "dict comprehension": ("x = {a: b for a, b in c}", "(Comprehension dict a b [(Clause (Display tuple [a b]) c [] False)])"),
    "and, or": ("x = a and b and c or d", "(BoolOp or [(BoolOp and [a b c]) d])"),
    "parentheses part and": ("x = (a and b) and c", "(BoolOp and [(BoolOp and [a b]) c])"),
    "not": ("x = not a", "(Not a)"),
    "compare": ("x = a < b is not c not in d == e", "(Compare a [< is not not in ==] [b c d e])"),
    "conditional": ("x = a if b else c if d else e", "(Conditional b a (Conditional d c e))"),
    "walrus": ("x = (a := b)", "(NamedExpr a b)"),
    "lambda": ("x = lambda a, *b: c", "(Lambda 1)"),
    "sum": ("x = a + b + c", "(Other + [a b c])"),
    "mixed operators": ("x = a + b - c - (d - e) ** -f", "(Other - [(Other + [a b]) c (Other ** [(Other - [d e]) (Other - [f])])])"),
    "other operators": ("x = a | b, a % b, a // b, a @ b, ~a, +a, a << b, a >> b, a & b, a ^ b, a * b, a / b", None),
}


@pytest.mark.parametrize(("source", "expected"), [pytest.param(*case, id=name) for name, case in EXPRESSIONS.items() if case[1]])
def test_expression(body: Body, source: str, expected: str) -> None:
    assert body(source) == [f"(Assign [x] {expected} -)"]


def test_slices(body: Body) -> None:
    whole = "(Subscript a (Other slice []))"
    assert body(EXPRESSIONS["slices"][0]) == [
        f"(Assign [x] (Display tuple [{whole} (Subscript a (Other slice [1])) "
        "(Subscript a (Other slice [2])) (Subscript a (Other slice [3])) "
        "(Subscript a (Other slice [1 2 3])) (Subscript a (Display tuple [(Other slice []) (Other slice [])]))]) -)"
    ]


def test_operators_keep_their_symbol(facts: Callable[[str], FileFacts]) -> None:
    assigned = facts(EXPRESSIONS["other operators"][0]).functions[0].body[0]
    assert isinstance(assigned, ops.Assign)
    assert isinstance(assigned.value, ops.Display)
    kinds = [item.kind for item in assigned.value.items if isinstance(item, ops.Other)]
    assert kinds == ["|", "%", "//", "@", "~", "+", "<<", ">>", "&", "^", "*", "/"]


def test_await_and_yield(facts: Callable[[str], FileFacts], show: Callable[..., list[str]]) -> None:
    found = facts("async def f():\n    a = await b\n    yield\n    yield c\n    d = yield e, g\ndef h(): yield from i\n")
    assert show(found.functions[1].body) == [
        "(Assign [a] (Await b) -)",
        "(Evaluate (Yield -))",
        "(Evaluate (Yield c))",
        "(Assign [d] (Yield (Display tuple [e g])) -)",
    ]
    assert show(found.functions[2].body) == ["(Evaluate (YieldFrom i))"]
    assert [function.is_generator for function in found.functions] == [False, True, True]


def test_asynchronous_comprehension(facts: Callable[[str], FileFacts], show: Callable[..., list[str]]) -> None:
    found = facts("async def f():\n    return [a async for a in b if await c]\n")
    assert show(found.functions[1].body) == ["(Return (Comprehension list a - [(Clause a b [(Await c)] True)]))"]


def test_places_are_those_of_the_expression(facts: Callable[[str], FileFacts]) -> None:
    (statement,) = facts("x = [é, (a  # .b\n     .\\\n  name(y))]\n").functions[0].body
    assert isinstance(statement, ops.Assign)
    assert isinstance(statement.value, ops.Display)
    call = statement.value.items[1]
    assert isinstance(call, ops.Call)
    assert isinstance(call.func, ops.Attribute)
    assert call.at == Range(1, 10, 3, 10)
    assert call.func.name_at == Range(3, 3, 3, 7)
    assert call.args[0].at == Range(3, 8, 3, 9)
    assert statement.at == Range(1, 1, 3, 12)


def test_a_long_sum_is_flat(facts: Callable[[str], FileFacts]) -> None:
    (statement,) = facts("x = " + " + ".join("a" * 900) + "\n").functions[0].body
    assert isinstance(statement, ops.Assign)
    assert isinstance(statement.value, ops.Other)
    assert len(statement.value.parts) == 900


def test_every_expression_of_libcst_has_a_handler() -> None:
    def concrete(base: type) -> set[str]:
        kinds = (kind for kind in vars(cst).values() if isinstance(kind, type) and issubclass(kind, base))
        return {kind.__name__ for kind in kinds if not kind.__name__.startswith("Base")}

    def handled(kinds: Iterable[type]) -> set[str]:
        return {kind.__name__ for kind in kinds}

    assert concrete(cst.BaseExpression) == handled(HANDLERS.expressions)
    assert concrete(cst.BaseSmallStatement) == handled(HANDLERS.small)
    assert concrete(cst.BaseCompoundStatement) == handled(HANDLERS.compound)
