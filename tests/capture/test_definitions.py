"""Functions, lambdas, classes, the names they bind, and annotations in quotes."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from sessionlint.facts import FileFacts, ops
from sessionlint.source import Range

Facts = Callable[[str | bytes], FileFacts]
Show = Callable[..., list[str]]


def test_indices_names_and_owners(facts: Facts) -> None:
    found = facts(
        """
        def top():
            def inner(): pass
            class Local:
                def method(self): return lambda: 1
        class Outer:
            class Nested:
                if True:
                    def run(self): pass
                    run = property(run)
            key = lambda self: 2
        """
    )
    assert [(f.qualname, f.owner, f.parent) for f in found.functions] == [
        ("<module>", -1, -1),
        ("top", -1, -1),
        ("top.inner", -1, 1),
        ("top.Local.method", 0, 1),
        ("top.Local.method.<lambda>", -1, 3),
        ("Outer.Nested.run", 2, -1),
        ("Outer.<lambda>", 1, -1),
    ]
    assert [(c.qualname, c.owner, c.parent, c.methods) for c in found.classes] == [
        ("top.Local", -1, 1, {"method": 3}),
        ("Outer", -1, -1, {}),
        ("Outer.Nested", 1, -1, {"run": 5}),
    ]


def test_parameters(facts: Facts, show: Show) -> None:
    found = facts("def f(a, /, b: int = 1, *c: d, e, g=h, **i) -> j: pass\ndef k(*, l): pass\ndef m(*n: *o): pass\n")
    assert show(found.functions[1].parameters) == [
        "(Parameter a positional-only - -)",
        "(Parameter b positional int 1)",
        "(Parameter c * d -)",
        "(Parameter e keyword-only - -)",
        "(Parameter g keyword-only - h)",
        "(Parameter i ** - -)",
    ]
    assert show([found.functions[1].returns]) == ["j"]
    assert show(found.functions[2].parameters) == ["(Parameter l keyword-only - -)"]
    assert show(found.functions[3].parameters) == ["(Parameter n * (Starred o) -)"]


def test_lambda(facts: Facts, show: Show) -> None:
    found = facts("x = lambda a, *b, c=d, **e: (yield a)\n")
    assert found.functions[1].name == "<lambda>"
    assert found.functions[1].at == found.functions[1].span == Range(1, 5, 1, 38)
    assert found.functions[1].is_generator
    assert show(found.functions[1].body) == ["(Return (Yield a))"]
    assert found.functions[1].names == ("a", "b", "c", "e")


def test_class_header_and_body(facts: Facts, show: Show) -> None:
    found = facts(
        "@a.b(1)\nclass C[T](D, *E, metaclass=F, **G):\n"
        "    '''doc'''\n    x: int = 1\n    @property\n    def y(self): pass\nclass H: pass\n"
    )
    first, second = found.classes
    assert show([first.bases, first.decorators, first.body]) == [
        "[D (Starred E)]",
        "[(Call (Attribute a b) [1] [])]",
        "[(Assign [x] 1 int) (FunctionDef 1)]",
    ]
    assert [(name, show([value])) for name, value in first.keywords] == [("metaclass", ["F"]), ("**", ["G"])]
    assert (first.at, first.span) == (Range(2, 7, 2, 8), Range(1, 1, 6, 22))
    assert (second.bases, second.methods) == ((), {})


def test_generic_function(facts: Facts) -> None:
    found = facts("def f[T: (int, str), *Ts = *tuple[int], **P = [int]](a: T) -> T: return a\n")
    assert [parameter.name for parameter in found.functions[1].parameters] == ["a"]


NAMES = {
    "assignments": ("a = b.c = d[0] = e, (f, *g) = h", ("a", "e", "f", "g")),
    "annotated and augmented": ("a: int; b += 1", ("a", "b")),
    "loops and scopes": ("for a, b in c:\n    with d as e, g as (h, i): pass", ("a", "b", "e", "h", "i")),
    "handlers": ("try: pass\nexcept A as b: pass", ("b",)),
    "definitions": ("def a(b): c = 1\nclass D:\n    e = 2", ("a", "D")),
    "walrus": ("if (a := 1): [b := c for d in e]", ("a", "b")),
    "walrus in a lambda": ("lambda: (a := 1)", ()),
    "comprehension": ("[a for a in b]", ()),
    "delete": ("del a, b.c", ("a",)),
    "declared": ("global a\na = b = 1", ("b",)),
    "type alias": ("type A = int", ("A",)),
}


@pytest.mark.parametrize(("source", "names"), [pytest.param(*case, id=name) for name, case in NAMES.items()])
def test_names(facts: Facts, source: str, names: tuple[str, ...]) -> None:
    inner = "".join(f"    {line}\n" for line in source.split("\n"))
    assert facts(source).functions[0].names == names
    assert facts(f"def f(p, *q):\n{inner}").functions[1].names == ("p", "q", *names)


def test_names_of_imports(facts: Facts) -> None:
    assert facts("import a.b, c.d as e\nfrom f import g, h as i\nfrom j import *").functions[0].names == ("a", "e", "g", "i")


def test_nonlocal_names_are_those_of_the_outer_function(facts: Facts) -> None:
    found = facts("def f():\n    a = 1\n    def g():\n        nonlocal a\n        a = b = 2\n")
    assert [function.names for function in found.functions] == [("f",), ("a", "g"), ("b",)]


ANNOTATIONS = {
    "plain": ('"User"', "User"),
    "dotted": ('" models.User "', "(Attribute models User)"),
    "within": ('Mapped[list["Chroot"]]', "(Subscript Mapped (Subscript list Chroot))"),
    "quoted twice": ('''"list['User']"''', "(Subscript list User)"),
    "union": ('"User" | None', "(Other | [User None])"),
    "several": ('Callable[["A"], "B"]', "(Subscript Callable (Display tuple [(Display list [A]) B]))"),
    "literal": ('Literal["open"]', "(Subscript Literal 'open')"),
    "annotated": ('Annotated["User", "words"]', "(Subscript Annotated (Display tuple [User 'words']))"),
    "prose": ('"no type at all"', "'no type at all'"),
    "empty": ('""', "''"),
    "argument of a call": ('Field("User")', "(Call Field ['User'] [])"),
}


@pytest.mark.parametrize(("source", "expected"), [pytest.param(*case, id=name) for name, case in ANNOTATIONS.items()])
def test_annotations(facts: Facts, show: Show, source: str, expected: str) -> None:
    found = facts(f"x: {source} = {source}\ndef f(a: {source}) -> {source}: pass\n")
    assigned = found.functions[0].body[0]
    assert isinstance(assigned, ops.Assign)
    function = found.functions[1]
    assert show([assigned.annotation, function.parameters[0].annotation, function.returns]) == [expected] * 3


def test_quoted_annotation_has_the_place_of_its_string(facts: Facts) -> None:
    assigned = facts('x: M["a.User"]\n').functions[0].body[0]
    assert isinstance(assigned, ops.Assign)
    assert isinstance(assigned.annotation, ops.Subscript)
    index = assigned.annotation.index
    assert isinstance(index, ops.Attribute)
    assert index.at == index.name_at == index.value.at == Range(1, 6, 1, 14)
