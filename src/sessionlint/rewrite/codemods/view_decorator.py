"""view-decorator: a view that uses the database gets the decorator that the project has for that."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from sessionlint.check.finding import Applicability, Finding
from sessionlint.facts import FunctionFacts, ops
from sessionlint.facts.walk import statements
from sessionlint.link import External, FunctionId, FunctionSymbol, Program
from sessionlint.rewrite.codemod import Codemod, FileEdit, Proposal, Refusal, Spot
from sessionlint.rewrite.edit import Insertion, LineEdits
from sessionlint.rewrite.imports import Imported, importing
from sessionlint.rewrite.reading.import_graph import reaches
from sessionlint.rewrite.reading.references import Reference, references
from sessionlint.rewrite.reading.walk import dotted, walk


@dataclass(frozen=True, slots=True)
class _Decorator:
    """A decorator of the program. `wrapper` is what stands in the view's place; `is_made` says that it takes a call (`@with_db_session()`);
    `extra` are the keyword arguments that the view gets besides its own."""

    function: FunctionId
    module: str
    name: str
    wrapper: FunctionFacts
    is_made: bool
    extra: tuple[str, ...]


class ViewDecorator(Codemod):
    """Put the decorator of `sessions.view-decorators` right above the `def`, below those that register the view, and import it.

    It is read from the decorator's body what it does to a view. One that swallows errors, does not keep the view's name or calls it with
    arguments that it does not take is not added.
    """

    name = "view-decorator"
    fixes = ("SES504",)

    def propose(self, spot: Spot) -> Proposal | Refusal:
        """The view with the decorator."""
        finding = spot.about
        assert isinstance(finding, Finding)
        assert finding.function is not None
        function, decorator = finding.function, self._decorator
        if isinstance(decorator, Refusal):
            return decorator
        objection = self._objection(function, decorator)
        if objection is not None:
            return objection
        reached = self._reached(function, decorator)
        if isinstance(reached, Refusal):
            return reached
        row = self.program.function(function).at.row
        line = self.context.lines[spot.file][row - 1]
        indent = line[: len(line) - len(line.lstrip(" \t"))]
        text = f"{indent}@{reached.text}{'()' if decorator.is_made else ''}"
        edit = FileEdit(LineEdits(inserted=[Insertion(row, text)]), reached.imports, reached.additions)
        return Proposal({spot.file: edit}, f"Put `{finding.qualname}` under `@{decorator.name}`", Applicability.UNSAFE)

    @cached_property
    def _decorator(self) -> _Decorator | Refusal:
        """The first configured decorator that the program defines."""
        for configured in self.context.settings.sessions.view_decorators:
            name = configured.rpartition(".")[2]
            found = []
            for module, file in self.program.modules.items():
                symbol = file.bindings.get(name)
                is_here = isinstance(symbol, FunctionSymbol) and symbol.id.file == file.source.name
                if isinstance(symbol, FunctionSymbol) and is_here and f".{module}.{name}".endswith(f".{configured}"):
                    found.append((module, symbol.id))
            if len(found) > 1:
                return Refusal("several-decorators", f"`{configured}` is defined in several modules")
            if found:
                return _read(self.program, found[0][0], name, found[0][1])
        return Refusal("no-decorator", "none of `sessions.view-decorators` is a function of the program")

    def _objection(self, function: FunctionId, decorator: _Decorator) -> Refusal | None:
        facts = self.program.function(function)
        if facts.owner >= 0 or not facts.name.isidentifier():
            return Refusal("no-function", "the view is a method, which the decorator is not made for")
        if facts.is_async != decorator.wrapper.is_async:
            return Refusal("asynchronous", f"only one of the view and `{decorator.name}` is asynchronous")
        takes_all = any(parameter.kind == "**" for parameter in facts.parameters)
        taken = {parameter.name for parameter in facts.parameters}
        missing = [name for name in decorator.extra if not takes_all and name not in taken]
        if missing:
            return Refusal("no-parameter", f"`{decorator.name}` hands over `{missing[0]}`, for which the view has no parameter")
        kept = _set_attributes(decorator.wrapper) & _set_attributes(facts)
        if kept:
            return Refusal("same-name", f"the view sets `{min(kept)}` itself, which `{decorator.name}` uses")
        for reference in references(self.program, FunctionSymbol(function)):
            if isinstance(reference.parent, ops.Call) and reference.parent.func is reference.node:
                return Refusal("called", f"the view is also called in {reference.file}:{reference.node.at.row}")
            if not _is_registered(reference):
                return Refusal(
                    "used-otherwise", f"the view is also used in {reference.file}:{reference.node.at.row}, and may be called there"
                )
        return None

    def _reached(self, function: FunctionId, decorator: _Decorator) -> Imported | Refusal:
        """How the decorator is called where the view is defined."""
        facts = self.program.function(function)
        home = FunctionId(function.file, max(facts.parent, 0))
        if decorator.function.file == function.file:
            if self.program.function(decorator.function).at.row > facts.at.row:
                return Refusal("defined-later", f"`{decorator.name}` is defined below the view")
            return Imported(decorator.name)
        reached = importing(self.program, home, decorator.module, decorator.name, before=facts.span.row)
        is_new = isinstance(reached, Imported) and bool(reached.additions)
        if is_new and reaches(self.program, decorator.module, self.program.files[function.file].source.module):
            return Refusal("import-cycle", f"`{decorator.module}` imports this module, and cannot be imported from it")
        return reached


def _is_registered(reference: Reference) -> bool:
    """Whether a view is mentioned to register it, or for an attribute of it: `add_url_rule("/", view_func=view)`, `csrf.exempt(view)`."""
    parent = reference.parent
    if isinstance(parent, ops.Keyword):
        return parent.name == "view_func"
    return isinstance(parent, ops.Attribute) or (isinstance(parent, ops.Call) and not isinstance(parent.func, ops.Name))


def _set_attributes(facts: FunctionFacts) -> set[str]:
    """The attributes that a function assigns to, as they are written: `g.db`."""
    assigned = (item for item in statements(facts.body) if isinstance(item, ops.Assign))
    return {dotted(target) for item in assigned for target in item.targets if isinstance(target, ops.Attribute)}


def _read(program: Program, module: str, name: str, function: FunctionId) -> _Decorator | Refusal:
    """What a decorator does to the function that it is given."""
    facts = program.files[function.file].facts.functions
    outer, is_made = facts[function.index], False
    wrapper = _returned(facts, outer)
    inner = _returned(facts, wrapper) if wrapper is not None else None
    if wrapper is not None and inner is not None:
        outer, wrapper, is_made = wrapper, inner, True
        if any(p.default is None and p.kind not in ("*", "**") for p in facts[function.index].parameters):
            return Refusal("unclear-decorator", f"`{name}` takes arguments")
    if wrapper is None or not outer.parameters:
        return Refusal("unclear-decorator", f"`{name}` does not return a function that it defines")
    if not any(_keeps_name(program, FunctionId(function.file, facts.index(wrapper)), item) for item in wrapper.decorators):
        return Refusal("unclear-decorator", f"`{name}` does not keep the names of views (`functools.wraps`), by which they are registered")
    extra = _extra(wrapper, outer.parameters[0].name)
    if isinstance(extra, Refusal):
        return extra
    if not _returns_result(wrapper, outer.parameters[0].name):
        return Refusal("own-result", f"`{name}` may return something else than the view does")
    for statement in statements(wrapper.body):
        for handler in statement.handlers if isinstance(statement, ops.Try) else ():
            last = handler.body[-1] if handler.body else None
            if not (isinstance(last, ops.Raise) and last.error is None):
                return Refusal("swallows", f"`{name}` treats errors of the view in a way of its own")
    return _Decorator(function, module, name, wrapper, is_made, extra)


def _returned(functions: tuple[FunctionFacts, ...], outer: FunctionFacts) -> FunctionFacts | None:
    """The nested function that a function returns."""
    last = outer.body[-1] if outer.body else None
    if not isinstance(last, ops.Return) or not isinstance(last.value, ops.Name):
        return None
    defined = [functions[item.function] for item in outer.body if isinstance(item, ops.FunctionDef)]
    return next((facts for facts in defined if facts.name == last.value.id), None)


def _keeps_name(program: Program, function: FunctionId, decorator: ops.Expr) -> bool:
    found = program.resolve(function, decorator.func) if isinstance(decorator, ops.Call) else None
    return isinstance(found, External) and found.name in {"functools.wraps", "flask.helpers.wraps"}


def _extra(wrapper: FunctionFacts, view: str) -> tuple[str, ...] | Refusal:
    """The keyword arguments that the wrapper adds to its own when it calls the view."""
    star = {parameter.kind: parameter.name for parameter in wrapper.parameters}
    calls = [node for node in walk(*wrapper.body) if isinstance(node, ops.Call) and _is_named(node.func, view)]
    if len(calls) != 1 or len(wrapper.parameters) != 2 or star.keys() != {"*", "**"}:
        return Refusal("unclear-decorator", "the decorator does not call the view once with all arguments that it gets")
    call = calls[0]
    is_whole = len(call.args) == 1 and isinstance(call.args[0], ops.Starred) and _is_named(call.args[0].value, star["*"])
    passed = [keyword for keyword in call.keywords if keyword.name is None and _is_named(keyword.value, star["**"])]
    if not is_whole or len(passed) != 1 or any(keyword.name is None for keyword in call.keywords if keyword not in passed):
        return Refusal("unclear-decorator", "the decorator does not call the view once with all arguments that it gets")
    return tuple(keyword.name for keyword in call.keywords if keyword.name is not None)


def _returns_result(wrapper: FunctionFacts, view: str) -> bool:
    """Whether the wrapper returns what the view does, as it is."""
    kept = set[str]()
    for item in statements(wrapper.body):
        names = {target.id for target in item.targets if isinstance(target, ops.Name)} if isinstance(item, ops.Assign) else set()
        kept = (kept | names) if isinstance(item, ops.Assign) and _is_view(item.value, view) else kept - names
    returned = [item.value for item in statements(wrapper.body) if isinstance(item, ops.Return)]
    return bool(returned) and all(_is_view(value, view) or (isinstance(value, ops.Name) and value.id in kept) for value in returned)


def _is_view(value: ops.Expr | None, view: str) -> bool:
    """`view(…)`, awaited or not."""
    called = value.value if isinstance(value, ops.Await) else value
    return isinstance(called, ops.Call) and _is_named(called.func, view)


def _is_named(value: ops.Expr, name: str) -> bool:
    return isinstance(value, ops.Name) and value.id == name
