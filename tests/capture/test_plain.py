"""What Python's own parser gives is what libcst gives, to the last column, whichever of the two reads a statement."""

from __future__ import annotations

import ast
import re
import warnings
from bisect import bisect_right
from collections.abc import Iterable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sessionlint.capture import capture
from sessionlint.capture.parse import Parsed, decoded, parse_text
from sessionlint.capture.plain import plain_tables
from sessionlint.capture.positions import row_starts
from sessionlint.capture.suppressions import suppressions
from sessionlint.capture.visitor import tables_of

ROOT = Path(__file__).parents[2]
ODD = {
    "names in another spelling": "ﬁle = 1\nprint(ﬁle)\n",
    "combining character": "e\u0301 = 1\n",
    "annotated name in parentheses": "(x): int = 1\n",
    "keyword before star": "f(a=lambda: 1, *[lambda: 2])\n",
    "semicolon ends a block": "if a:\n    b = 1;\nc = 2\n",
    "comment before a lambda's value": "f = lambda: ( # no\n  a\n)\n",
    "not Python": "x = (\n",
}
READ_ALONE = {
    "trailing comma in index": "a[1, 2,]\na[1,]\na[(1, 2)]\na[()]\na[(1), (2)]\na[((1)), ((2)),]\n",
    "slices": "a[:]\na[::]\na[1:2, ::3]\na[(1):(2)]\na[ # c (\n 1 : 2 ]\na[b:=1]\n",
    "tuples": "()\n( )\n(a,)\n((a), b)\n(a), b\n(a), (b)\n((a, b))\n((a), (b))\na,\n((a),)\n( # ( c\n a # ) c\n , )\n(f)(x), y\n",
    "generators": ("f(x for x in y)\nf((x for x in (y)))\n(((x)) for x in y if (z))\n( # (\n x for x in y # )\n )\nf(x for x in y)(z)\n"),
    "lambdas": "f = lambda: (a)\ng = lambda x, *y, z=1, **k: (\n  a\n)\nh = lambda: (1, 2)\ni = lambda: ((x for x in y))\n",
    "sums": "a + b + c - d\n(a + b) + c\n((a) + b) * (c)\na + (b + c)\n-a ** -b\n",
    "deletions": "del a, b\ndel (a, b)\ndel [a]\ndel (a, b), c\ndel a,\ndel (a), (b)\n",
    "decorators": (
        "@a.b(c=1)\n@ (d)\n@( # e\n  f)\nclass C(A, metaclass=B):\n    @g\n    async  def  f(self): ...\n"
        "    def g(x, /, y: 'int' = 1, *, z): pass\n"
    ),
    "handlers": "try: a\nexcept (A, B) as e : b\nexcept (\n  C # :\n): c\nexcept: d\nelse: e\nfinally: f\n",
    "with": "with a as b, c: d\nwith (a as b, c,): d\nwith (a): b\nasync def f():\n    async with a as (b, c): pass\n",
    "elif": "if a: b\nelif c: d\nelse:\n    if e: f\nif a:\n    b\nelse:\n    if c: d\n    g\n",
    "formatted": ("f'{a}'\nf'{a.b!r:>{w}} {{}} {c[0][\"k\"]:%d} {d[1:2]}'\nf'{x=}' f\"{y}\" 'z'\nf'a' f'b'\nf'{a, b}'\nf'''{\n a}'''\n"),
    "formatted calls": "f'{f(a) + 1} {a if b else c} {(a, b)} {[x for x in y]} {not a}'\nf'ä {b.c(d)} ö'; x = f'{e}'\n",
    "foreign columns": "ä = 'ö'; b = ä.c('ü', d) # é\nx = ('é', [ä], {ä: b})\n",
    "numbers": "9223372036854775807, 9223372036854775808, 1.0, 1j, ..., True, None, b'', 0x10\n",
    "strings": "'a' 'b'\n('a' # c\n 'b')\nb'a' b'b'\n'\\ud800'\n'\\N{EM DASH}'\nr'\\d'\n",
    "long chain": "if a0:\n    b\n" + "".join(f"elif a{n}:\n    b{n}\n" for n in range(60)),
    "line ends": "a = b\r\nif c:\r\n    d = '''e\r\nf'''\r\nx = y\rz = 1\r",
    "no end": "a = session",
    "continued": "a = 1; \\\nb = session\nif x: \\\n  y = session\n",
    "else beside": "if a:\n    session.a\nelse: session.b\ntry: session.c\nfinally: session.d\n",
    "match": "match a:\n    case [(1), *_] | {'b': c} if d: session.e\n    case (1 as z): pass\n",
    "speaking": (
        "x = 1\nsession.add(a); y = 2\nclass A:\n    '''d'''\n    s: Session = 1\n    def f(self, session):\n"
        "        return session.get(A), 1\n"
    ),
    "deep": (
        "def f():\n  for a in b:\n    while c:\n      with d:\n        session.add(e)\n        session.add(g)\n        h = 1\n"
        "    else:\n      session.i\n"
    ),
}


def _same(source: str, *, by_statements: bool) -> bool:
    """Whether both give the same; false where libcst has to read the whole file."""
    found = plain_tables(source, by_statements=by_statements)
    if found is None:
        return False
    parsed = parse_text(source)
    assert isinstance(parsed, Parsed), parsed
    expected = tables_of(parsed.module, source)
    assert found.functions == expected.functions
    assert found.classes == expected.classes
    return True


@pytest.mark.parametrize("by_statements", [False, True])
@pytest.mark.parametrize("source", [pytest.param(source, id=name) for name, source in READ_ALONE.items()])
def test_snippet(source: str, by_statements: bool) -> None:
    if not by_statements and "match" in source:
        pytest.skip("libcst reads `match`")
    assert _same(source, by_statements=by_statements)


@pytest.mark.parametrize("source", [pytest.param(source, id=name) for name, source in ODD.items()])
def test_what_the_tree_does_not_tell_is_left_to_libcst(source: str) -> None:
    assert plain_tables(source) is None


FOLDERS = ["fixtures/apps", "fixtures/codemods", "fixtures/rules", "src/sessionlint/link", "tests/cli"]


@pytest.mark.parametrize("folder", FOLDERS)
def test_files(folder: str) -> None:
    sources = [decoded(path.read_bytes()) for path in sorted((ROOT / folder).rglob("*.py"))[::3]]
    read = sum(_same(source, by_statements=True) for source in sources if isinstance(source, str))
    assert len(sources) - read <= len(sources) // 100


COMMENTED = {
    "headers": ("if (a and\n  b): c  # noqa\nelif d: # noqa\n    e\nelse:  # (:\n    f\n\n# else\nfor a in b: c; d  # noqa\nelse: e\n"),
    "handlers": ("try:  # noqa\n    a\nexcept (A,\n  B) as e:  # noqa\n    b\nexcept: c\nelse: # x:\n    d\n# finally:\nfinally:\n    e\n"),
    "definitions": ("@a  # noqa\n@b(\n  c)\nasync def f(\n  a: b = lambda: 1,  # noqa\n  *c) -> (\n  d):  # noqa: E1\n    '''d'''\n"),
    "classes": ("@(\n  a\n)\nclass A(B,\n  c=d):\n    # sessionlint: ignore[SES101]\n    @e\n    def f(self): pass\n\nclass C: a = 1\n"),
    "joined": "a = (\n  1); b = (2,\n  3)  # noqa\nc; d;\ne ; \\\n f # noqa\n",
    "strings": "a = '# noqa'; b = f'{c[\"d\"]} # noqa'\ne = ('#'  # noqa\n  '# noqa' '''\n# noqa''')  # noqa: F1\n",
    "blocks": "def f():\n    # sessionlint: disable[SES101]\n    a\n    # sessionlint: enable[SES1]\nb\n# sessionlint: file-ignore[SES1]\n",
    "match": "match a:\n    case 1 if b:  # noqa\n        c  # noqa\nwith a as b, \\\n  c as (d): e  # noqa\n",
}


def _same_rows(source: str) -> None:
    found = plain_tables(source, with_lines=True)
    if found is None:
        return
    parsed = parse_text(source)
    assert isinstance(parsed, Parsed), parsed
    expected, starts = tables_of(parsed.module, source), row_starts(source)

    def rows(spans: Iterable[tuple[int, int]]) -> set[tuple[int, int]]:
        return {(bisect_right(starts, start), bisect_right(starts, end)) for start, end in spans}

    assert rows(found.lines) == rows(expected.lines)
    assert rows(found.decorated.items()) == rows(expected.decorated.items())
    with_sign = {(start, end) for start, end in expected.strings if "#" in source[start:end]}
    assert {(start, end) for start, end in found.strings if "#" in source[start:end]} == with_sign
    assert suppressions(source, found) == suppressions(source, expected)


@pytest.mark.parametrize("source", [pytest.param(source, id=name) for name, source in {**COMMENTED, **READ_ALONE}.items()])
def test_lines_of_snippet(source: str) -> None:
    assert plain_tables(source, with_lines=True) is not None
    _same_rows(source)


@pytest.mark.parametrize("folder", ["fixtures/apps", "src/sessionlint/check"])
def test_lines_of_files(folder: str) -> None:
    for path in sorted((ROOT / folder).rglob("*.py"))[::2]:
        _same_rows(path.read_text(encoding="utf-8"))


@pytest.mark.parametrize("odd", ["", "(x) = f(a=1, *b)\n"], ids=["Python", "libcst"])
def test_a_sign_behind_a_string_in_a_string_begins_no_comment(odd: str) -> None:
    assert capture(f"a = f'{{b[\"c\"]}} # noqa'\n{odd}".encode()).suppressions == ()


NAMES = st.sampled_from(["a", "b", "session", "ä", "user"])
SPACE = st.sampled_from(["", "", " ", "\n", " # (c\n", "\\\n", "\t"])


def _expressions(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    several = st.lists(st.tuples(SPACE, inner, SPACE).map("".join), min_size=1, max_size=3)
    listed, comma = several.map(",".join), st.sampled_from(["", ","])
    return st.one_of(
        st.builds("({}{}{})".format, SPACE, inner, SPACE),
        st.builds("({}{}{})".format, SPACE, listed, st.just(",")),
        st.builds("({})".format, st.builds("{},{}".format, inner, inner)),
        st.builds("[{}{}]".format, listed, comma),
        st.builds("{{{}}}".format, listed),
        st.builds("{{{}: {}}}".format, inner, inner),
        st.builds("({}).b".format, inner),
        st.builds("a{}({}{})".format, st.sampled_from(["", ".c"]), listed, comma),
        st.builds("a({}, k={}, **b)".format, inner, inner),
        st.builds("a[{}{}]".format, listed, comma),
        st.builds("a[({}):({})]".format, inner, inner),
        st.builds("(a for a in {} if ({}){})".format, inner, inner, SPACE),
        st.builds("b(({}) for a in {}{})".format, inner, inner, SPACE),
        st.builds("[a for a, b in ({})]".format, inner),
        st.builds("(lambda a, b=({}): ({}{}))".format, inner, SPACE, inner),
        st.builds("({} {} {})".format, inner, st.sampled_from(["+", "-", "and", "or", "not in", "==", "if a else"]), inner),
        st.builds("(not {})".format, inner),
        st.builds("(b := {})".format, inner),
        st.builds("(yield {})".format, inner),
        st.builds("f'é{{{}}}ü' ".format, inner.filter(lambda text: not re.search(r"['\"\\#\n!:]", text))),
    )


EXPRESSIONS = st.recursive(st.one_of(NAMES, st.sampled_from(["1", "'ö'", "a.b", "...", "None"])), _expressions, max_leaves=12)
SIMPLE = st.one_of(
    EXPRESSIONS,
    st.builds("{} = {}".format, st.sampled_from(["a", "a, b", "(a)", "[a, *b]", "a.c", "a[0]"]), EXPRESSIONS),
    st.builds("a: {} = {}".format, st.sampled_from(["b", "'b.c'", "b['c']"]), EXPRESSIONS),
    st.builds("a += {}".format, EXPRESSIONS),
    st.builds("return {}".format, EXPRESSIONS),
    st.builds("raise {} from {}".format, EXPRESSIONS, EXPRESSIONS),
    st.builds("assert {}, {}".format, EXPRESSIONS, EXPRESSIONS),
    st.sampled_from(["pass", "del a, (b)", "global a", "import a.b as c, d", "from . import (a, b as c,)", "'doc'"]),
)
ROWS = st.one_of(SIMPLE, SIMPLE, st.builds("{}; {}".format, SIMPLE, SIMPLE), st.builds("# session\n{}".format, SIMPLE))


def _indented(rows: list[str]) -> str:
    return "".join(f"  {row}\n" for row in rows)


def _blocks(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    body = st.lists(inner, min_size=1, max_size=3).map(lambda parts: _indented("\n".join(parts).split("\n")))
    return st.one_of(
        st.builds("if {}:\n{}elif a:\n{}else:\n{}".format, EXPRESSIONS, body, body, body),
        st.builds("for a, b in {}:\n{}else:\n{}".format, EXPRESSIONS, body, body),
        st.builds("try:\n{}except ({}) as b:\n{}finally:\n{}".format, body, EXPRESSIONS, body, body),
        st.builds("with {} as a, b:\n{}".format, EXPRESSIONS, body),
        st.builds("@a({})\nasync def f(a, /, b={}, *, c: 'a'):\n{}".format, EXPRESSIONS, EXPRESSIONS, body),
        st.builds("class A(a, b={}):\n{}".format, EXPRESSIONS, body),
        st.builds("match {}:\n  case [1, a]:\n    pass".format, EXPRESSIONS),
        st.builds("while {}: {}".format, EXPRESSIONS, SIMPLE),
    )


MODULES = st.lists(st.recursive(ROWS, _blocks, max_leaves=4), min_size=1, max_size=4).map("\n".join)


@given(MODULES)
def test_any_code(source: str) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            ast.parse(source)
        except SyntaxError:
            return  # a comment or a line's end where none may be
    for by_statements in (False, True):
        _same(source, by_statements=by_statements)
    _same_rows(source)
    assert capture(source.encode()).error is None
