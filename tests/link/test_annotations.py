"""What an annotation says a value is."""

# ruff: noqa: E501 -- one program a line
from __future__ import annotations

import pytest

from sessionlint.link import AnnotationMeaning

HEAD = """
from __future__ import annotations
import typing, collections.abc
from typing import Annotated, Any, AsyncIterator, Callable, ClassVar, Dict, Final, Generator, Iterator, List, Optional, Sequence, Type, Union
from fastapi import Depends
from sqlalchemy.orm import Mapped, Session, DynamicMapped
import sqlalchemy.orm as so
class User: ...
class Order: ...
def get_db(): ...
SessionDep = Annotated[Session, Depends(get_db)]
Users = list[User]
Alias = User
Either = "User | None"
class Service:
    class Reply: ...
    def run(self, given: "ANNOTATION"): ...
def f(given: ANNOTATION): ...
"""


def spelled(program, meaning: AnnotationMeaning) -> str:
    """A meaning in one line: `list of class main.py:User or none`."""
    text = program.say(meaning.symbol)
    if meaning.container:
        text = f"{meaning.container} of {spelled(program, meaning.element)}"
    if meaning.alternatives:
        text += " [" + ", ".join(spelled(program, each) for each in meaning.alternatives) + "]"
    text += " in " + meaning.wrapper.rpartition(".")[2] if meaning.wrapper else ""
    text += f" with {len(meaning.metadata)}" if meaning.metadata else ""
    return text + (" or none" if meaning.is_optional else "")


CASES = [
    ("User", "class main.py:User"),
    ("Alias", "class main.py:User"),
    ("Session", "external sqlalchemy.orm.Session"),
    ("so.Session", "external sqlalchemy.orm.Session"),
    ("Optional[User]", "class main.py:User or none"),
    ("User | None", "class main.py:User or none"),
    ("None | User", "class main.py:User or none"),
    ("Union[User, None]", "class main.py:User or none"),
    ("Union[User, Order]", "nothing [class main.py:User, class main.py:Order]"),
    ("User | Order | None", "nothing [class main.py:User, class main.py:Order] or none"),
    ("Either", "class main.py:User or none"),
    ("SessionDep", "external sqlalchemy.orm.Session with 1"),
    ("Annotated[User | None, 1, 2]", "class main.py:User with 2 or none"),
    ("Mapped[User]", "class main.py:User in Mapped"),
    ("Mapped[List[Optional[User]]]", "list of class main.py:User or none in Mapped"),
    ("DynamicMapped[User]", "class main.py:User in DynamicMapped"),
    ("ClassVar[Final[User]]", "class main.py:User"),
    ("Users", "list of class main.py:User"),
    ("list", "list of nothing"),
    ("typing.Sequence[User]", "list of class main.py:User"),
    ("collections.abc.Iterable[User]", "list of class main.py:User"),
    ("set[User]", "set of class main.py:User"),
    ("dict[str, User]", "dict of class main.py:User"),
    ("Dict[str, List[User]]", "dict of list of class main.py:User"),
    ("tuple[User, ...]", "tuple of class main.py:User"),
    ("tuple[User, Order]", "tuple of nothing [class main.py:User, class main.py:Order]"),
    ("Iterator[Session]", "iterator of external sqlalchemy.orm.Session"),
    ("Generator[Session, None, None]", "generator of external sqlalchemy.orm.Session"),
    ("AsyncIterator[Session]", "async-iterator of external sqlalchemy.orm.Session"),
    ("Callable[[], Session]", "callable of external sqlalchemy.orm.Session"),
    ("Callable[..., Session]", "callable of external sqlalchemy.orm.Session"),
    ("Type[User]", "type of class main.py:User"),
    ("type[User]", "type of class main.py:User"),
    ("Any", "external typing.Any"),
    ("int", "external builtins.int"),
    ("Missing", "nothing"),
    ("so.Query[User]", "external sqlalchemy.orm.Query"),
    ("None", "external builtins.None"),
]


@pytest.mark.parametrize(("annotation", "expected"), CASES)
def test_plain(build, annotation, expected):
    program = build(HEAD.replace('"ANNOTATION"', "Any").replace("ANNOTATION", annotation))
    function = program.function("main.py", "f")
    given = program.program.function(function).parameters[0].annotation
    assert spelled(program, program.program.annotation(function, given)) == expected


@pytest.mark.parametrize(("annotation", "expected"), CASES)
def test_in_quotes(build, annotation, expected):
    program = build(HEAD.replace('"ANNOTATION"', "Any").replace("ANNOTATION", repr(annotation)))
    function = program.function("main.py", "f")
    given = program.program.function(function).parameters[0].annotation
    assert spelled(program, program.program.annotation(function, given)) == expected


@pytest.mark.parametrize(
    ("annotation", "expected"),
    [
        ("Reply", "class main.py:Service.Reply"),
        ("List['User']", "list of class main.py:User"),
        ("User[", "nothing"),
        ("x y", "nothing"),
        ("", "nothing"),
    ],
)
def test_of_a_method(build, annotation, expected):
    program = build(HEAD.replace('"ANNOTATION"', repr(annotation)).replace("ANNOTATION", "Any"))
    function = program.function("main.py", "Service.run")
    given = program.program.function(function).parameters[1].annotation
    assert spelled(program, program.program.annotation(function, given)) == expected


def test_the_short_questions(build):
    program = build(HEAD.replace('"ANNOTATION"', "SessionDep").replace("ANNOTATION", "list[User]"))
    function = program.function("main.py", "f")
    given = program.program.function(function).parameters[0].annotation
    assert program.program.annotation_class(function, given) is None
    assert program.say(program.program.annotation_element(function, given)) == "class main.py:User"
    method = program.function("main.py", "Service.run")
    given = program.program.function(method).parameters[1].annotation
    assert program.say(program.program.annotation_class(method, given)) == "external sqlalchemy.orm.Session"
    assert program.program.annotation_element(method, given) is None


def test_a_parameter_may_be_called_like_its_class(build):
    program = build("class user: ...\ndef f(user: user): ...\n")
    function = program.function("main.py", "f")
    given = program.program.function(function).parameters[0].annotation
    assert program.say(program.program.annotation_class(function, given)) == "class main.py:user"
