"""Our ranges beside those of libcst's `PositionProvider`, node by node; and the walk ends where the text ends."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import libcst as cst
import pytest
from libcst.metadata import MetadataWrapper, PositionProvider

from sessionlint.capture import visitor
from sessionlint.capture.definitions import module
from sessionlint.capture.parse import Parsed, parse
from sessionlint.capture.positions import row_starts
from sessionlint.capture.reduction import Handlers, Reduction, Scope, Tables
from sessionlint.source import Range

ROOT = Path(__file__).parents[2]

SNIPPETS = {
    "parentheses": "( a ) . b = ((c)) + ( d , )\n(x for x in (y))\nf ( (a), * (b), ** (c), k = (d) )\n",
    "comments inside": "a = (  # ) (\n    b  # , c\n    .  # d.\n    c(  # (\n        d,  # ,\n    )\n)\n",
    "continued": "a = \\\n  b \\\n  . c\nif a \\\n   : b\n",
    "tabs, form feeds": "if a:\n\tb = 1\n\x0c\n\tc\n",
    "carriage returns": "a = [\r\n  b,\r  c\n]\r\nd = '''e\r\nf'''; g\r",
    "no line end": "a = b",
    "wide": "é = 'üü', ℘, a  # é\n𝒳 = b\n",
    "slices": "a[ : ], a[b : c : d], a[ :: e , * f ], a[(g, h)], a[i ,]\n",
    "strings": "a = rb'x' b'y', 'a' \\\n  'b', f\"{ c !r:>{ d }}{{}}{ e = }\" f'{ g:%H:%M, =}'\n",
    "one line": "class A: b: int = 1; c = lambda *, d=1, **e: f; pass\n",
    "with": "with ( a as b , c ) : pass\nwith (a), (b) as (c): pass\nwith (a, b): pass\nwith (yield): pass\n",
    "match": "match (a), :\n case {'b': (c), ** d}  : pass\n case A . B ( e , f = g , ) if (h) : pass\n case ( 1 | - 2 ) as i: pass\n"
    " case [ j , * _ ] | ( k ) : pass\n",
    "definitions": "@ a\n# b\n@(c)\nasync  def f [ T : (int) ] ( a , / , * , b : c = d ) -> ( e ) : pass\n"
    "class G ( ) : pass\nclass H [ * Ts ] ( I , j = k , ) : pass\n",
    "keywords": "x = not(a)or(b)and(c)if(d)else(e)is not(f)not in(g)\n"
    "assert(a),(b)\ndel(a),b\nraise(a)from(b)\nfor(a)in(b):pass\nwhile(a):pass\n",
    "imports": "from . . a . b import ( c as d , e , ) ; import f . g as h\nfrom .... import i\n",
    "try": "try : a\nexcept ( b ) as c : d\nexcept  e: f\nelse : g\nfinally : h\ntry: i\nexcept * ( j ): k\n",
    "comprehensions": "[a for b in c if(d)if e for(f)in g], {a:b for c in d}, {a for b in c}\n",
    "walrus": "(a := b), [c := d, (e := f)], g(h := i)\n",
    "annotations": "a : 'b' = c\n( a . b ) [ c ] : d\n",
    "augmented": "a  //=  b\n(a) **= b\n",
    "numbers": "a = .5 + 1. - 1e3j * 0x_f if 1else 2\n",
    "lambdas": "f(lambda:a, lambda b:c, lambda *b, c=d: (yield))\n",
    "type alias": "type A [ T ] = ( B )\n",
}


def _places(content: bytes) -> list[tuple[cst.CSTNode, Range, Range]]:
    """Each node that becomes an operation, with our range and libcst's."""
    parsed = parse(content)
    assert isinstance(parsed, Parsed), parsed
    seen: list[tuple[cst.CSTNode, Range]] = []

    def watched(handlers: Mapping[type, Any]) -> dict[type, Any]:
        def watch(handler: Any) -> Any:
            def run(r: Reduction, node: Any) -> Any:
                found = handler(r, node)
                if found is not None and type(r) is Reduction:  # not inside a string
                    seen.append((node, found.at))
                return found

            return run

        return {kind: watch(handler) for kind, handler in handlers.items()}

    plain = visitor.HANDLERS
    handlers = Handlers(watched(plain.expressions), watched(plain.small), watched(plain.compound))
    walk = Reduction(parsed.text, handlers, Tables(), Scope("", -1, -1))
    module(walk, parsed.module)
    assert walk.start() == len(parsed.text), "the walk has to end where the text ends"
    known = MetadataWrapper(parsed.module, unsafe_skip_copy=True).resolve(PositionProvider)
    theirs = [known[node] for node, _ in seen]
    spans = [Range(span.start.line, span.start.column + 1, span.end.line, span.end.column + 1) for span in theirs]
    return [(node, ours, span) for (node, ours), span in zip(seen, spans, strict=True)]


@pytest.mark.parametrize("source", [pytest.param(source, id=name) for name, source in SNIPPETS.items()])
def test_snippet(source: str) -> None:
    places = _places(source.encode())
    assert places
    assert [ours for _, ours, _ in places] == [theirs for _, _, theirs in places]


FILES = sorted((ROOT / "src/sessionlint").rglob("*.py"))[::6] + sorted((ROOT / "fixtures").rglob("*.py"))[::6]


@pytest.mark.parametrize("path", [pytest.param(path, id=path.relative_to(ROOT).as_posix()) for path in FILES if path.stat().st_size])
def test_file(path: Path) -> None:
    for node, ours, theirs in _places(path.read_bytes()):
        assert ours == theirs, node


@pytest.mark.parametrize("text", ["", "a", "a\n", "\n\n", "a\r\nb\rc\n", "a\x0c\x1c\u2028b\nc"])
def test_row_starts(text: str) -> None:
    rows = text.replace("\r\n", "\n\n").replace("\r", "\n").split("\n") if "\r" not in text else None
    starts = row_starts(text)
    if rows is not None:
        assert len(starts) == len(rows) + 1
        assert [text[start:].split("\n", maxsplit=1)[0] for start in starts[:-1]] == rows
    else:
        assert starts == [0, 3, 5, 7, 9]
