"""What an expression may hold, as far as it matters to a session: nothing of it (`plain`), or something that is tied to it."""

from __future__ import annotations

from dataclasses import dataclass

from sessionlint.link.symbols import ClassId


@dataclass(frozen=True, slots=True)
class Value:
    """`kind` is `plain`, `statement` (a `select()`, not tied to any session), `read-text` (`text("SELECT …")`), `session`, `query` (or
    another result that is
    fetched lazily), `instance`, `object`, `container`, `closure` (a function that uses tied names) or `unknown`.

    `element` is what iterating gives, `model` the class of an instance or `object` (of a class of the program that is not mapped),
    `attributes` what the constructor of an object has stored in it.
    """

    kind: str
    model: ClassId | None = None
    element: Value | None = None
    attributes: tuple[tuple[str, Value], ...] = ()

    @property
    def is_tied(self) -> bool:
        """Whether it is, or leads to, something that lives by the session."""
        return self.kind not in ("plain", "statement", "read-text")


PLAIN = Value("plain")
READ_TEXT = Value("read-text", element=PLAIN)
SESSION = Value("session")
UNKNOWN = Value("unknown")
CLOSURE = Value("closure")
LAZY_PLAIN = Value("query", element=PLAIN)


def instance(model: ClassId | None = None) -> Value:
    """A mapped instance."""
    return Value("instance", model)


def query(element: Value) -> Value:
    """A query or result whose rows are `element`."""
    return Value("query", element=element)


def container(element: Value) -> Value:
    """A collection of `element`, plain if that is."""
    return Value("container", element=element) if element.is_tied else PLAIN


def join(one: Value, other: Value) -> Value:
    """What holds of both."""
    if one == other or not other.is_tied:
        return one if one.is_tied or other.kind == "plain" else other
    if not one.is_tied:
        return other
    if one.kind == other.kind == "instance":
        return instance()
    if one.kind == other.kind and one.element is not None and other.element is not None:
        return Value(one.kind, element=join(one.element, other.element))
    return UNKNOWN


def element_of(value: Value) -> Value:
    """What iterating or subscripting gives."""
    if value.element is not None:
        return value.element
    return UNKNOWN if value.is_tied else PLAIN


def unpacked(value: Value) -> Value:
    """What each name of `for a, b in …` holds."""
    if value.kind in ("container", "query"):
        return element_of(value)
    return value if not value.is_tied else UNKNOWN if value.kind != "instance" else value
