"""What is reported: plain data that every format, the codemods and the baseline read."""

from __future__ import annotations

import enum

import msgspec

from sessionlint.link.symbols import ClassId, FunctionId
from sessionlint.source import Location


class Applicability(str, enum.Enum):
    """How much a fix may be trusted, as in ruff."""

    SAFE = "safe"
    UNSAFE = "unsafe"
    DISPLAY_ONLY = "displayonly"


class RelatedLocation(msgspec.Struct, frozen=True):
    """Another place that explains a finding; `role` as in `solve.history.Step`."""

    role: str
    message: str
    at: Location


class Edit(msgspec.Struct, frozen=True):
    """Replace the text at `at` by `content`."""

    at: Location
    content: str


class Fix(msgspec.Struct, frozen=True):
    applicability: Applicability
    message: str
    edits: tuple[Edit, ...]


NO_CODEMOD = "no-codemod"
"""The code of a refusal that says no more than that there is nothing to offer."""


class FixRefused(msgspec.Struct, frozen=True):
    """Why there is no fix: `code` for machines, `message` in one line without full stop."""

    code: str
    message: str


class LoadStep(msgspec.Struct, frozen=True, order=True):
    """One link of the way from a queried class to an attribute: `owner.name`, and the loader option that loads it (`selectinload`,
    `joinedload`, `undefer`) where nothing speaks against it."""

    owner: ClassId
    name: str
    strategy: str


class MissingLoad(msgspec.Struct, frozen=True, order=True):
    """What a query would have to load: `query` is the expression that makes it (`select(User)`, `session.get(User, 1)`, `User.query`),
    `entity` the queried class, `steps` the way from there to what is read in vain. `given` are the loader options with which the query is
    ever run, whoever adds them: the attributes of its way, and SQLAlchemy's function; no attributes for one that cannot be read. `methods`
    are those that are ever called on it."""

    query: Location
    entity: ClassId
    steps: tuple[LoadStep, ...]
    given: tuple[tuple[tuple[str, ...], str], ...] = ()
    methods: tuple[str, ...] = ()


class HeldInstance(msgspec.Struct, frozen=True, order=True):
    """An instance that something happens to, and the variable of the function that it is in. `is_stored`: the database has it as it is;
    `has_key`: it has a primary key; `is_nullable`: it may be None. There is one for each way in which the place is come to."""

    name: str
    model: ClassId
    is_stored: bool
    has_key: bool
    is_nullable: bool


class Finding(msgspec.Struct, frozen=True):
    """One report of one rule.

    `message` is one line without full stop; `related` tells the story in order; `help` says what would mend it (a sentence, for `full`)
    and `help_at` where, if that is elsewhere; `function` is the function it lies in (None for module or template level); `evidence` what
    it is about, independent of lines (session expression, `Model.attribute`, …), from which its identity in a baseline is made;
    `loads` what queries lack from which it is reached, `is_beyond_options` that something is missing as well that no query could load;
    `held` the instances that are stored or handed over; `fingerprint` is what it is known by from one run to the next; of `fix` and
    `fix_refused` there is one where a codemod was asked.
    """

    code: str
    name: str
    message: str
    at: Location
    related: tuple[RelatedLocation, ...] = ()
    help: str = ""
    function: FunctionId | None = None
    qualname: str = ""
    evidence: str = ""
    severity: str = "error"
    confidence: str = "high"
    fix: Fix | None = None
    help_at: Location | None = None
    loads: tuple[MissingLoad, ...] = ()
    is_beyond_options: bool = False
    held: tuple[HeldInstance, ...] = ()
    fingerprint: str = ""
    fix_refused: FixRefused | None = None
