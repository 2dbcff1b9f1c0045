"""What is known of one file from its bytes alone."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

import msgspec

from sessionlint.facts.ops import Expr, Stmt
from sessionlint.facts.suppression import Suppression
from sessionlint.source import Range

if TYPE_CHECKING:
    Body: TypeAlias = tuple[Stmt, ...] | msgspec.Raw
else:
    Body = msgspec.Raw

_bodies = msgspec.msgpack.Decoder(tuple[Stmt, ...])


class Struct(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """Immutable, compact when stored."""


class Parameter(Struct, frozen=True):
    """`kind` is `positional-only`, `positional`, `keyword-only`, `*` or `**`."""

    name: str
    kind: str
    annotation: Expr | None
    default: Expr | None


class FunctionFacts(Struct, frozen=True):
    """A function, method or lambda, or (at index 0) the module's own body.

    `at` is the range of the name in the `def` line (of the whole expression for a lambda); `span` the whole definition with its decorators.
    `qualname` is Python's `__qualname__` without `<locals>` (`Service.build.inner`; a lambda ends in `<lambda>`; the module's is
    `<module>`). `owner` is the index of the class whose body holds it, `parent` that of the enclosing function; -1 for none.
    `names` are the names bound in this function (parameters and assignments, not those declared global or nonlocal).
    `code` is the `body`, or the bytes of it: most bodies are never looked at, so they are decoded one by one when somebody does.
    """

    name: str
    qualname: str
    at: Range
    span: Range
    parameters: tuple[Parameter, ...]
    returns: Expr | None
    decorators: tuple[Expr, ...]
    is_async: bool
    is_generator: bool
    owner: int
    parent: int
    names: tuple[str, ...]
    code: Body

    @property
    def body(self) -> tuple[Stmt, ...]:
        """The operations of the function."""
        code = self.code
        if isinstance(code, msgspec.Raw):
            code = _bodies.decode(code)
            msgspec.structs.force_setattr(self, "code", code)
        return code

    def may_say(self, text: str) -> bool:
        """Whether a text, of a name or string, may be in the body; that it is not can be told without decoding it."""
        code = self.code
        return text.encode() in bytes(code) if isinstance(code, msgspec.Raw) else True

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, FunctionFacts):
            return NotImplemented
        fields = self.__struct_fields__[:-1]
        return self.body == other.body and all(getattr(self, name) == getattr(other, name) for name in fields)

    def __hash__(self) -> int:
        return hash((self.qualname, self.at))


class ClassFacts(Struct, frozen=True):
    """A class; `body` are its statements, a `FunctionDef` for each method among them; `methods` maps a name to its last function index."""

    name: str
    qualname: str
    at: Range
    span: Range
    bases: tuple[Expr, ...]
    keywords: tuple[tuple[str, Expr], ...]
    decorators: tuple[Expr, ...]
    owner: int
    parent: int
    methods: dict[str, int]
    body: tuple[Stmt, ...]


class FileError(Struct, frozen=True):
    """Why there is nothing else to know of this file. `kind` is `syntax` (SES001) or `unreadable` (SES005)."""

    kind: str
    message: str
    at: Range


class FunctionSummary(Struct, frozen=True):
    """What is asked of all bodies, so that most of them need not be looked at.

    `mentions` are indices into `FileSummary.mentions`: every name and attribute in body, decorators and signature. `defined` are the names
    that imports, functions and classes in the body bind, `declared` those it declares global or nonlocal; `called` the texts in
    `getattr(manager, "get_session")()`. `adds` says that a call is assigned to an attribute of something that is no local variable,
    `hands_on` that the one `return` at the top of the body returns a call.
    """

    mentions: tuple[int, ...]
    defined: tuple[str, ...]
    declared: tuple[str, ...]
    called: tuple[str, ...]
    has_imports: bool
    adds: bool
    hands_on: bool


class FileSummary(Struct, frozen=True):
    """What follows from the facts of a file alone: `functions` and `classes` (their mentions) as in `FileFacts`.

    `mentions` are what its functions and classes mention: a name after an empty text, an attribute after the name it is taken from (`*`
    for an expression). `aliases` are names with those that assignments, annotations and returns make other names of them; `renamed`, more
    narrowly, what imports and assignments of attributes give another name to, with that name.
    """

    mentions: tuple[tuple[str, str], ...]
    functions: tuple[FunctionSummary, ...]
    classes: tuple[tuple[int, ...], ...]
    aliases: tuple[tuple[str, tuple[str, ...]], ...]
    renamed: tuple[tuple[str, str], ...]


class FileFacts(Struct, frozen=True):
    """Everything that later rooms know of a file. `functions[0]` is the module's body; with an `error` the rest is empty.

    `templates` are the Jinja templates among the functions: by its text the index of the body of each that stands in a string, under the
    empty text that of the file itself where it is a template. Blocks and macros have the body as `parent`. Whoever wants the `summary` asks
    `summary_of` for it.
    """

    functions: tuple[FunctionFacts, ...]
    classes: tuple[ClassFacts, ...]
    suppressions: tuple[Suppression, ...]
    error: FileError | None
    templates: dict[str, int] = {}
    summary: FileSummary | None = None
