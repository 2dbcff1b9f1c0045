"""query-get: `session.query(X).get(pk)` becomes `session.get(X, pk)`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property

from sessionlint.check.finding import Applicability, Finding
from sessionlint.facts import ops
from sessionlint.link import ClassId, ClassSymbol, External, FunctionId, VariableSymbol
from sessionlint.rewrite.codemod import Codemod, FileEdit, Proposal, Refusal, Spot
from sessionlint.rewrite.edit import LineEdits
from sessionlint.rewrite.imports import Imported, importing
from sessionlint.rewrite.reading.arguments import Written, joined
from sessionlint.rewrite.reading.own_sessions import OwnSessions
from sessionlint.rewrite.reading.passages import Passages, call_at
from sessionlint.rewrite.reading.walk import walk

LINE = 88
"""Arguments that stood on lines of their own are put on one that is not longer than this."""


@dataclass(frozen=True, slots=True)
class _Chain:
    """`session.query(X).options(…).get(pk)`, taken apart: `session` is None for `X.query.options(…).get(pk)`.

    The text from `start` (at `query`, or at `X`) is rewritten; `entity` is what is queried, with which the text ends at `end`; `calls`
    are those after that, up to `get(pk)`.
    """

    session: ops.Expr | None
    model: ops.Expr
    entity: Written
    start: int
    end: int
    calls: tuple[ops.Call, ...]


class QueryGet(Codemod):
    """Replace `session.query(X).get(pk)` by `session.get(X, pk)`, and `X.query.get(pk)` by `db.session.get(X, pk)`.

    `options`, `populate_existing`, `with_for_update` and `execution_options` become arguments. `Query.get()` and `Session.get()` are the
    same method of SQLAlchemy since 1.4 (`Session._get_impl`): identity map, expiry, locks and errors are alike.
    """

    name = "query-get"
    fixes = ("SES406",)

    def propose(self, spot: Spot) -> Proposal | Refusal:
        """The call as one of the session's."""
        finding = spot.about
        assert isinstance(finding, Finding)
        assert finding.function is not None
        text = Passages(self.context.lines[spot.file])
        facts = self.program.function(finding.function)
        call = call_at(facts, finding.at.range)
        if call is None:
            return Refusal("no-call", "the call does not stand in a function's body")
        chain = _chain(call, text)
        if isinstance(chain, Refusal):
            return chain
        receiver = self._receiver(finding.function, chain)
        if isinstance(receiver, Refusal):
            return receiver
        called = _called(chain, text)
        if isinstance(called, Refusal):
            return called
        if any(not self._is_one_option(finding.function, item) for item in _options(chain)):
            return Refusal("odd-options", "`options()` takes lists too, which `Session.get()` does not, and this may be one")
        if "{" in called and any(call in walk(node) for node in walk(*facts.body) if isinstance(node, ops.FormattedString)):
            return Refusal("formatted-string", "the dictionary that it takes does not go into an f-string in every version of Python")
        new = (f"{receiver.text}." if chain.session is None else "") + called
        edits = LineEdits(replaced=[text.replacement(chain.start, text.end(call.at), new)])
        edit = FileEdit(edits, receiver.imports, receiver.additions)
        return Proposal({spot.file: edit}, "Call `get()` on the session", self._applicability)

    def _is_one_option(self, function: FunctionId, option: ops.Expr) -> bool:
        """Whether an argument of `options()` is what a loader of SQLAlchemy's makes, or the items of a list of such."""
        if isinstance(option, ops.Starred):
            return True
        while isinstance(option, ops.Call) and isinstance(option.func, ops.Attribute) and isinstance(option.func.value, ops.Call):
            option = option.func.value
        found = self.program.resolve(function, option.func) if isinstance(option, ops.Call) else None
        return isinstance(found, External) and found.name.startswith("sqlalchemy.")

    @property
    def _applicability(self) -> Applicability:
        """Safe in a program that needs SQLAlchemy 1.4 for other reasons, and in which only sessions have a method `query`."""
        return Applicability.SAFE if self._sessions.is_modern and not self._sessions.lookalikes else Applicability.UNSAFE

    @cached_property
    def _sessions(self) -> OwnSessions:
        return OwnSessions(self.program)

    def _receiver(self, function: FunctionId, chain: _Chain) -> Imported | Refusal:
        """How the session is reached; an empty text where it stands there already."""
        if self._sessions.mocked:
            return Refusal("mocked", f"`query().get()` is replaced by a mock in {self._sessions.mocked}")
        if chain.session is None:
            return self._of_flask(function, chain.model)
        return self._sessions.objection(function, chain.session) or Imported("")

    def _of_flask(self, function: FunctionId, entity: ops.Expr) -> Imported | Refusal:
        """The session of the `db` whose `db.Model` the class in `X.query` inherits from."""
        model = self._class_of(function, entity)
        if model is None:
            return Refusal("unknown-class", "of which class `query` is an attribute is not known")
        lineage = self.program.model_lineage(model)
        below = self.program.subclasses(model) if isinstance(entity, ops.Name) and entity.id == "cls" else ()
        if any(self.program.class_attribute(known, "query_class") for known in (model, *below)) or self._sessions.is_flask_changed:
            return Refusal("own-query", "`query` of the class may be of a class that has a `get()` of its own")
        for known in lineage:
            for base in self.program.class_(known).bases:
                if isinstance(base, ops.Attribute) and base.name == "Model":
                    return self._reached(function, known, base.value)
        return Refusal("unknown-session", "it is not known which session `query` of the class uses")

    def _class_of(self, function: FunctionId, entity: ops.Expr) -> ClassId | None:
        facts = self.program.function(function)
        if isinstance(entity, ops.Name) and entity.id == "cls" and "builtins.classmethod" in self.program.decorator_names(function):
            return ClassId(function.file, facts.owner) if facts.owner >= 0 else None
        found = self.program.resolve(function, entity)
        return found.id if isinstance(found, ClassSymbol) else None

    def _reached(self, function: FunctionId, model: ClassId, holder: ops.Expr) -> Imported | Refusal:
        """`db.session` as it is written where `function` stands, if that takes no other module than is imported already."""
        made = self.program.resolve_in_class(model, ops.Attribute(holder.at, holder, "session", holder.at))
        found = self.program.resolve_in_class(model, holder)
        if not isinstance(found, VariableSymbol) or made != External("flask_sqlalchemy.SQLAlchemy.session"):
            return Refusal("unknown-session", "it is not known which session `query` of the class uses")
        if found.file == function.file and self.program.lookup(function, found.name) == found:
            return Imported(f"{found.name}.session")
        module = next((name for name, module in self.program.modules.items() if module.source.name == found.file), "")
        reached = importing(self.program, function, module, found.name) if module else Refusal("no-module", "its module has no name")
        if isinstance(reached, Refusal) or reached.additions:
            return Refusal("not-imported", f"`{found.name}` is not imported here, and importing it might make a cycle")
        return Imported(f"{reached.text}.session", reached.imports)


def _chain(call: ops.Call, text: Passages) -> _Chain | Refusal:
    calls: list[ops.Call] = []
    node: ops.Expr = call
    while isinstance(node, ops.Call) and isinstance(node.func, ops.Attribute):
        if node.func.name == "query":
            if len(node.args) != 1 or node.keywords or not isinstance(node.args[0], ops.Name | ops.Attribute | ops.Subscript):
                return Refusal("not-a-class", "what is queried is not a single class")
            start, end = text.start(node.func.name_at), text.end(node.at)
            return _Chain(node.func.value, node.args[0], _inner(node, text), start, end, tuple(calls))
        calls.insert(0, node)
        node = node.func.value
    if not isinstance(node, ops.Attribute) or node.name != "query" or not isinstance(node.value, ops.Name | ops.Attribute):
        return Refusal("query-elsewhere", "the query is not built where `get()` is called on it")
    if re.search("[#()]", text.of(node.at)):
        return Refusal("unclear-text", "there are comments or brackets in front of `query`")
    return _Chain(None, node.value, Written(text.of(node.value.at)), text.start(node.at), text.end(node.at), tuple(calls))


def _options(chain: _Chain) -> list[ops.Expr]:
    """The arguments of all calls of `options()` in a chain."""
    steps = [call for call in chain.calls if isinstance(call.func, ops.Attribute) and call.func.name == "options"]
    return [argument for step in steps for argument in step.args]


def _called(chain: _Chain, text: Passages) -> str | Refusal:
    """`get(X, pk, options=[…])`, and what has to stay of the text between the calls: brackets and comments."""
    key = _inner(chain.calls[-1], text)
    if len(key.arguments) != 1 or key.arguments[0].star or (key.arguments[0].keyword and key.arguments[0].keyword.value != "ident"):
        return Refusal("odd-arguments", "`get()` is not called with the key alone")
    others = _carried_over(chain.calls[:-1], text)
    if isinstance(others, Refusal):
        return others
    kept, end = "", chain.end
    for call in chain.calls:
        assert isinstance(call.func, ops.Attribute)
        trivia = text.text[end : text.start(call.func.name_at)]
        kept += _without_dot(trivia) if re.search("[#)]", trivia) else ""
        end = text.end(call.at)
    kept = re.sub(r"\n[ \t]*(?=\r?\n)", "", kept)
    if text.text[end : end + 1] in ("", "\n", "\r"):
        kept = kept.rstrip()
    if "\n" not in chain.entity.body + key.body and chain.entity.is_bare and key.is_bare:
        flat = f"get({', '.join([chain.entity.body, key.body, *others])})"
        if text.place(chain.start)[1] + len(flat) <= LINE:
            return flat + kept
    return f"get({joined(chain.entity, key, *others)}){kept}"


def _without_dot(trivia: str) -> str:
    """What stands between two calls of a chain, comments included, without the dot that joins them."""
    lines = trivia.split("\n")
    for index in range(len(lines) - 1, -1, -1):
        code, mark, comment = lines[index].partition("#")
        if "." in code:
            lines[index] = code.replace(".", "", 1) + mark + comment
            break
    return "\n".join(lines)


def _carried_over(steps: tuple[ops.Call, ...], text: Passages) -> list[str] | Refusal:
    """The arguments of `Session.get()` that say what the calls between `query()` and `get()` say."""
    options, others = [], {}
    for step in steps:
        assert isinstance(step.func, ops.Attribute)
        name, written = step.func.name, _inner(step, text)
        named = written.keywords()
        if name == "options" and all(isinstance(arg, ops.Call | ops.Starred) for arg in step.args) and not step.keywords:
            options.append(written)
        elif (name == "populate_existing" and not written.body and not written.is_commented) or (name == "with_for_update" and named == {}):
            others[name] = f"{name}=True"
        elif name in {"with_for_update", "execution_options"} and named is not None and name not in others:
            items = ", ".join(f'"{key}": {value}' for key, value in named.items())
            others[name] = f"{name}={{{items}}}"
        else:
            return Refusal("other-call", f"`{name}()` stands between `query()` and `get()`, which has no counterpart in `Session.get()`")
    if not options:
        return list(others.values())
    first = options[0]
    listed = f"{first.lead}{first.body}{',' if first.has_comma else ''}{first.trail}"
    for written in options[1:]:
        if first.is_commented or written.is_commented:
            return Refusal("commented-options", "there are comments among several calls of `options()`")
        listed = f"{listed.rstrip().rstrip(',')}, {written.body}"
    return [f"options=[{listed}]", *others.values()]


def _inner(call: ops.Call, text: Passages) -> Written:
    """The arguments of a method call as they are written."""
    assert isinstance(call.func, ops.Attribute)
    start = text.text.index("(", text.end(call.func.name_at))
    return Written.parsed(text.text[start + 1 : text.end(call.at) - 1])
