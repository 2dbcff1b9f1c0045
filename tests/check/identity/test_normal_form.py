"""One line for a piece of code, whatever its layout."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from sessionlint.check.identity import Text
from sessionlint.check.identity.normal_form import normal_form, says_something
from sessionlint.source import Range

APPS = Path(__file__).parents[3] / "fixtures" / "apps"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("x = foo( a,b )", "x = foo(\n    a,\n    b,\n)"),
        ("x = foo(a)", "x = (\n    foo(a)\n)"),
        ("x = a + b", "x = (a +  # why\n     b)"),
        ("x = a + b", "x = a + \\\n    b"),
        ("return 'it'", 'return "it"'),
        ("x = 'a' 'b'", 'x = "ab"'),
        ("x = u'a'", "x = 'a'"),
        ("x = F'{a[\"b\"]}'", "x = f\"{a['b']}\""),
        (r"x = '\''", 'x = "\'"'),
        (r"x = '\U0001F600'", r"x = '\U0001f600'"),
        ("for (a, b) in (c):", "for a, b in c:"),
        ("x = a,", "x = (a,)"),
        ("(a, b) = c", "a, b = c"),
        ("class A():", "class A:"),
        ("x = 0XFF", "x = 0xff"),
        ("case (A() | B()):", "case A() | B():"),
        ("with (a() as b, c() as d,):", "with a() as b, c() as d:"),
        ("assert (x), (y)", "assert x, y"),
        ("x = [\n    1,\n    2,\n]", "x = [1, 2]"),
    ],
)
def test_the_same(one: str, other: str) -> None:
    assert normal_form(one) == normal_form(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("x = f(a)", "x = f[a]"),
        ("x = f(a)", "x = f(b)"),
        ("x = f()", "x = f"),
        ("x = 'a b'", "x = 'ab'"),
        ("x = b'a'", "x = 'a'"),
        ("x = a.b", "x = a.c"),
        ("x = -a", "x = a"),
        ("x == a", "x = a"),
        ("x = f(*a)", "x = f(**a)"),
    ],
)
def test_different(one: str, other: str) -> None:
    assert normal_form(one) != normal_form(other)


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("session=db . get_session( )", "session = db.get_session()"),
        ("x=f(a ,b = 1,* c,** d)", "x = f(a, b=1, *c, **d)"),
        ("if(a and not(b)) :", "if a and not b:"),
        ("def f(a:int=1)->str:", "def f(a: int=1) -> str:"),
    ],
)
def test_a_person_can_read_it(code: str, expected: str) -> None:
    assert normal_form(code) == expected


@pytest.mark.parametrize(
    ("line", "expected"), [("try:", False), ("else:", False), ("return None", False), ("return x", True), ('"a"', True)]
)
def test_what_says_something(line: str, expected: bool) -> None:
    assert says_something(line) is expected


@pytest.mark.parametrize(
    "options",
    [
        ("--line-length", "60", "--config", "format.quote-style='single'", "--config", "format.skip-magic-trailing-comma=true"),
        ("--preview",),
    ],
)
def test_ruff_changes_no_line(tmp_path: Path, options: tuple[str, ...]) -> None:
    shutil.copytree(APPS, tmp_path / "apps")
    subprocess.run([sys.executable, "-m", "ruff", "format", "-q", "--isolated", *options, str(tmp_path)], check=True, timeout=60)
    changed = 0
    for path in sorted(APPS.rglob("*.py")):
        before, after = path.read_bytes(), (tmp_path / "apps" / path.relative_to(APPS)).read_bytes()
        changed += before != after
        assert lines(after) == lines(before), path
    assert changed > 10


def lines(content: bytes) -> list[str]:
    text = Text("a.py", content)
    return [text.normal(index) for index in range(len(text.lines))]


SOURCE = b'''\
@cached
class A:
    """Text
    on two rows."""
    x = 1; y = 2  # two

    async def f(self, a=(1, 2)):
        if a: return a
        # alone
        return [
            self,
        ]
'''


@pytest.mark.parametrize(
    ("row", "column", "line", "qualname"),
    [
        (1, 1, "@cached", ""),
        (2, 1, "class A:", ""),
        (4, 5, '"Text on two rows."', "A"),
        (5, 5, "x = 1", "A"),
        (5, 12, "y = 2", "A"),
        (5, 20, "y = 2", "A"),
        (7, 9, "async def f(self, a=1, 2):", "A"),
        (8, 9, "if a:", "A.f"),
        (8, 15, "return a", "A.f"),
        (9, 9, "return [self]", "A.f"),
        (11, 13, "return [self]", "A.f"),
    ],
)
@pytest.mark.parametrize("end", [b"\n", b"\r\n", b"\r"])
@pytest.mark.parametrize("indent", [b"    ", b"\t"])
def test_lines_and_their_places(row: int, column: int, line: str, qualname: str, end: bytes, indent: bytes) -> None:
    content = SOURCE.replace(b"    ", indent).replace(b"\n", end)
    text = Text("a.py", content)
    written = SOURCE.decode().splitlines()[row - 1]
    column -= (len(written) - len(written.lstrip())) // 4 * (4 - len(indent))
    index = text.index_at(Range(row, column, row, column + 1))
    assert (text.normal(index), text.qualname_of(index)) == (line, qualname)


def test_what_is_no_python_does_no_harm() -> None:
    for content in (
        b"",
        b"\n\n",
        b"'''open",
        b"def (:\n  x = ((\n",
        b"\xff\xfe\x00",
        b"# -*- coding: nowhere -*-\nx = 1\n",
        b"x = 'a\ny = 2\n",
        b"\\",
    ):
        text = Text("a.py", content)
        assert all(text.normal(index) is not None and text.scope_of(index) >= -1 for index in range(len(text.lines)))
        assert text.index_at(Range(99, 1, 99, 2)) == -1
