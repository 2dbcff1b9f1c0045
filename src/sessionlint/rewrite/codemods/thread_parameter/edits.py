"""The edits that thread parameters through a program. Entry point: `Edits`."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from functools import cached_property

from sessionlint.facts import ops
from sessionlint.facts.ops import Stmt
from sessionlint.link import External, FunctionId
from sessionlint.rewrite.codemod import Addition, FileEdit, Lines, NewImport
from sessionlint.rewrite.codemods.thread_parameter.accesses import Access
from sessionlint.rewrite.codemods.thread_parameter.kept import Kept
from sessionlint.rewrite.codemods.thread_parameter.naming import Named, Naming
from sessionlint.rewrite.codemods.thread_parameter.removal import entry, remove, without
from sessionlint.rewrite.codemods.thread_parameter.threads import Given, Thread, Want
from sessionlint.rewrite.edit import LineEdits, Replacement
from sessionlint.rewrite.reading.walk import dotted, walk
from sessionlint.rewrite.signature import NewParameter, add_arguments, add_parameters, is_keyword_only
from sessionlint.source import Range


class Impossible(Exception):
    """The text of the program is not such that the edit could be made; the message says where."""


class Edits:
    """Collects the edits of one proposal."""

    def __init__(self, kept: Kept, lines: Lines, threads: dict[FunctionId, list[Thread]]) -> None:
        self._kept, self._lines, self._program = kept, lines, kept.program
        self._threads, self._naming = threads, Naming(kept, lines)
        self._names: dict[tuple[FunctionId, Want], Named] = {}
        self._edits: dict[str, LineEdits] = {}
        self._imports: dict[str, set[NewImport]] = {}
        self._additions: dict[str, set[Addition]] = {}
        self._removed: dict[FunctionId, list[Stmt]] = {}
        for function, wanted in threads.items():
            for thread in wanted:
                taken = frozenset(self._names[function, other.want].name for other in wanted if (function, other.want) in self._names)
                self._names[function, thread.want] = self._naming.named(thread, taken)

    def files(self) -> dict[str, FileEdit]:
        """The edits by file."""
        for function, statements in self._removed.items():
            once = list({id(statement): statement for statement in statements}.values())
            remove(self._of(function.file), self._lines[function.file], self._kept.places(function), once)
        names = sorted({*self._edits, *self._imports, *self._additions})
        return {
            name: FileEdit(
                self._edits.get(name, LineEdits()),
                tuple(sorted(self._imports.get(name, ()), key=lambda i: (i.first, i.name))),
                tuple(sorted(self._additions.get(name, ()), key=lambda a: (a.row, a.lines))),
            )
            for name in names
        }

    def name_of(self, thread: Thread) -> str:
        """What a thread's parameter is called."""
        return self._names[thread.function, thread.want].name

    # -- functions ------------------------------------------------------------------------------------------------

    def thread(self, function: FunctionId) -> None:
        """Give a function its parameters, and its calls their arguments."""
        threads = self._threads[function]
        parameters = []
        for thread in threads:
            name = self.name_of(thread)
            annotation = self._naming.annotated(thread, name)
            self._imports.setdefault(function.file, set()).update(annotation.imports)
            self._additions.setdefault(function.file, set()).update(annotation.additions)
            parameters.append(NewParameter(name, annotation.text))
            self._replace_reads(thread)
        added = add_parameters(self._lines[function.file], self._program.function(function), parameters)
        self._merge(function.file, added, f"the signature of `{self._program.function(function).qualname}`")
        for index, given in enumerate(threads[0].given):
            self._pass(function, [thread.given[index] for thread in threads], [parameter.name for parameter in parameters])
            del given

    def _replace_reads(self, thread: Thread) -> None:
        named = self._names[thread.function, thread.want]
        gone = {id(statement) for statement in named.assignments} if named.variable else set()
        if gone:
            self._removed.setdefault(thread.function, []).extend(named.assignments)
        if gone and named.variable != named.name:
            for node in walk(*self._program.function(thread.function).body):
                if isinstance(node, ops.Name) and node.id == named.variable and not self._is_within(node, named.assignments):
                    self._replace(thread.function.file, node.at, named.name)
        for read in thread.reads:
            if id(read.statement) not in gone:
                self.replace_read(read, named.name)

    def _is_within(self, node: ops.Name, statements: Iterable[Stmt]) -> bool:
        return any(inner is node for statement in statements for inner in walk(statement))

    def replace_read(self, read: Access, name: str) -> None:
        """Put a variable in the place of a read, and of `(name := …)` around it."""
        file, at = read.function.file, read.at
        for node in walk(read.statement):
            if isinstance(node, ops.NamedExpr) and node.value.at == at and node.target == name:
                at = self._with_parentheses(file, node.at)
        self._replace(file, at, name)

    def _with_parentheses(self, file: str, at: Range) -> Range:
        lines = self._lines[file]
        before, after = lines[at.row - 1][: at.column - 1], lines[at.end_row - 1][at.end_column - 1 :]
        if before.endswith("(") and after.startswith(")") and not before[:-1][-1:].isidentifier() and before[:-1][-1:] not in (")", "]"):
            return Range(at.row, at.column - 1, at.end_row, at.end_column + 1)
        return at

    # -- calls ----------------------------------------------------------------------------------------------------

    def _pass(self, function: FunctionId, given: list[Given], names: list[str]) -> None:
        site = given[0].site
        texts = [self._text_of(one) for one in given]
        if not self._is_positional(function, site.call):
            texts = [f"{name}={text}" for name, text in zip(names, texts, strict=True)]
        added = add_arguments(self._lines[site.caller.file], site.call, texts)
        self._merge(site.caller.file, added, f"a call of `{self._program.function(function).qualname}`")

    def _is_positional(self, function: FunctionId, call: ops.Call) -> bool:
        """Whether an argument behind the others lands in the first new parameter."""
        facts = self._program.function(function)
        if is_keyword_only(facts) or call.keywords or any(isinstance(argument, ops.Starred) for argument in call.args):
            return False
        positional = sum(p.kind in ("positional", "positional-only") for p in facts.parameters)
        return facts.owner < 0 and len(call.args) == positional

    def _text_of(self, given: Given) -> str:
        caller = given.site.caller
        if given.read is not None:
            return self._read_text(caller, given.read, given.site.call)
        if given.name:
            return given.name
        wants = [key for key in self._names if key[0] == caller]
        own = next(thread.want for thread in self._wanting(given))
        return self._names[next(key for key in wants if key[1] == own)].name

    def _wanting(self, given: Given) -> Iterable[Thread]:
        """The thread that the call belongs to."""
        return (thread for threads in self._threads.values() for thread in threads if any(one is given for one in thread.given))

    def _read_text(self, caller: FunctionId, read: Access, call: ops.Call) -> str:
        """The read as it is written in the function, in the caller's own terms."""
        state = self._state_in(caller)
        quote = self._quote(caller, call)
        match read.form:
            case "attribute":
                return f"{state}.{read.key}"
            case "item":
                return f"{state}[{quote}{read.key}{quote}]"
            case "get":
                default = self._default(read, quote) if read.otherwise is not None else ""
                return f"{state}.get({quote}{read.key}{quote}{default})"
            case _:
                default = self._default(read, quote) if read.value is not None else ""
                return f"getattr({state}, {quote}{read.key}{quote}{default})"

    def _default(self, read: Access, quote: str) -> str:
        value = read.otherwise
        if isinstance(value, str):
            if not value.isprintable() or quote in value or "\\" in value:
                raise Impossible(f"the default of a read in {read.function.file} cannot be repeated")
            return f", {quote}{value}{quote}"
        return f", {value!r}"

    def _quote(self, caller: FunctionId, call: ops.Call) -> str:
        for node in walk(*self._program.function(caller).body):
            if isinstance(node, ops.FormattedString) and any(inner is call for inner in walk(node)):
                literal = self._lines[caller.file][node.at.row - 1][node.at.column - 1 :].lstrip("rRfFbBuU")
                return "'" if literal.startswith('"') else '"'
        return '"'

    def _state_in(self, caller: FunctionId) -> str:
        """How a function reaches `session_state`, importing Streamlit if it has to."""
        own = [a.state for a in self._kept.accesses if a.function.file == caller.file and isinstance(a.state, ops.Name | ops.Attribute)]
        for state in own:
            symbol = self._program.resolve(caller, state)
            if isinstance(symbol, External) and symbol.name.startswith("streamlit."):
                return dotted(state)
        body = self._program.files[caller.file].facts.functions[0].body
        imports = [statement for statement in body if isinstance(statement, ops.Import)]
        for statement in imports:
            for item in statement.names:
                symbol = self._program.lookup(caller, item.bound)
                if symbol == External("streamlit"):
                    return f"{item.bound}.session_state"
                if symbol == External("streamlit.session_state"):
                    return item.bound
        if self._program.lookup(caller, "st") is not None or "st" in self._program.function(caller).names:
            raise Impossible(f"`st` already stands for something else in {caller.file}")
        self._additions.setdefault(caller.file, set()).add(Addition(self._import_row(caller, imports), ("import streamlit as st",)))
        return "st.session_state"

    def _import_row(self, caller: FunctionId, imports: list[ops.Import]) -> int:
        """Where a file imports Streamlit: behind what it imports from other packages, in front of what is its own."""
        for statement in imports:
            roots = {(statement.module or item.name).partition(".")[0] for item in statement.names}
            is_own = statement.level > 0 or any(root in self._packages for root in roots)
            if is_own or (roots.isdisjoint(sys.stdlib_module_names) and min(roots) > "streamlit"):
                return statement.at.row
        if not imports:
            raise Impossible(f"{caller.file} imports nothing beside which Streamlit could be imported")
        return imports[-1].at.end_row + 1

    @cached_property
    def _packages(self) -> set[str]:
        return {name.partition(".")[0] for name in self._program.modules}

    # -- stores ---------------------------------------------------------------------------------------------------

    def remove_store(self, access: Access) -> None:
        """Take away what does nothing but store, or forget, what nobody reads any more."""
        match access.statement:
            case ops.Evaluate(value=ops.Call() as call) if access.form == "update" and (place := entry(call, access)) is not None:
                for at in without(self._lines[access.function.file], call, *place):
                    self._replace(access.function.file, at, "")
            case statement:
                self._removed.setdefault(access.function, []).append(statement)

    # -- text -----------------------------------------------------------------------------------------------------

    def _replace(self, file: str, at: Range, text: str) -> None:
        self._of(file).replaced.append(Replacement.of(at, text))

    def _merge(self, file: str, edits: LineEdits | None, what: str) -> None:
        if edits is None:
            raise Impossible(f"{what} is not written in a way that could be changed")
        own = self._of(file)
        own.replaced += edits.replaced
        own.inserted += edits.inserted

    def _of(self, file: str) -> LineEdits:
        return self._edits.setdefault(file, LineEdits())
