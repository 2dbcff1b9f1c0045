"""SES202: instances that are put into `session_state`. Entry point: `Storing`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sessionlint.check.finding import Applicability, Finding
from sessionlint.facts import ops
from sessionlint.facts.walk import statements
from sessionlint.knowledge.frameworks.stores import PER_VISITOR
from sessionlint.link import External, FunctionId, Program
from sessionlint.rewrite.codemod import Addition, FileEdit, Lines, NewImport, Proposal, Refusal
from sessionlint.rewrite.codemods.key_not_instance.keys import Key, class_in, key_of, opens_session, text_of
from sessionlint.rewrite.codemods.key_not_instance.uses import Uses
from sessionlint.rewrite.codemods.thread_parameter.accesses import Access, accesses, matching
from sessionlint.rewrite.edit import LineEdits, Replacement
from sessionlint.rewrite.reading.walk import Node, walk
from sessionlint.source import Range, is_test

_SESSION_NAMES = ("session", "db_session", "db")


class Storing:
    """Answers for each finding of SES202; all stores and reads of a key change together, or none."""

    def __init__(self, program: Program, lines: Lines, findings: Sequence[Finding]) -> None:
        self._program, self._lines, self._findings = program, lines, findings
        self._accesses = accesses(program, lines)
        self._answers: dict[str, Proposal | Refusal] = {}

    def answer(self, finding: Finding) -> Proposal | Refusal:
        """What to do about a finding."""
        store, _, name = finding.evidence.rpartition(".")
        if store != PER_VISITOR:
            return Refusal("other-store", f"what `{store}` keeps may be read by others than this program")
        if name not in self._answers:
            self._answers[name] = self._proposal(name)
        return self._answers[name]

    def _proposal(self, name: str) -> Proposal | Refusal:
        found = [a for a in matching(self._accesses, name) if a.key == name or not is_test(a.function.file)]
        stores = [access for access in found if access.kind == "write"]
        key = self._key(stores, name)
        if isinstance(key, str):
            return Refusal("not-by-key", key)
        edits = _Edits(self._program, self._lines, key)
        for access in stores:
            assert isinstance(access.value, ops.Name)
            edits.replace(access.function, access.value.at, key.text(access.value.id))
        for access in found:
            reason = edits.read(access) if access.kind == "read" else ""
            reason = "it is taken out and used" if access.kind == "delete" and not _is_statement(access) else reason
            if reason:
                return Refusal("reader", reason)
        files = edits.files()
        return Proposal(files, f"Keep the primary key of `{key.name}`", Applicability.UNSAFE, key=f"keep {name}")

    def _key(self, stores: Sequence[Access], name: str) -> Key | str:
        """The primary key of what is stored; a text says why it cannot be stored in the instance's place."""
        models = set()
        for access in stores:
            held = [each for finding in self._findings if self._is_at(finding, access) for each in finding.held]
            held = [each for each in held if isinstance(access.value, ops.Name) and each.name == access.value.id]
            where = f"line {access.at.row} of {access.function.file}"
            if access.key != name or not held:
                return f"{where} stores something that is not known to be a single instance"
            if any(not (each.is_stored and each.has_key) for each in held):
                return f"{where} stores an instance with changes, or a new one, which its key alone is not"
            if any(each.is_nullable for each in held):
                return f"{where} may store None, which has no key"
            models |= {each.model for each in held}
        key = key_of(self._program, models.pop()) if len(models) == 1 else None
        return key or "the primary key of what is stored is not known"

    def _is_at(self, finding: Finding, access: Access) -> bool:
        at, row = access.statement.at, finding.at.range.row
        return finding.function == access.function and at.row <= row <= at.end_row


class _Edits:
    """Collects the edits of one proposal."""

    def __init__(self, program: Program, lines: Lines, key: Key) -> None:
        self._program, self._lines, self._key = program, lines, key
        self._edits: dict[str, LineEdits] = {}
        self._imports: dict[str, set[NewImport]] = {}
        self._additions: dict[str, set[Addition]] = {}

    def files(self) -> dict[str, FileEdit]:
        """The edits by file."""
        return {
            file: FileEdit(edits, tuple(self._imports.get(file, ())), tuple(self._additions.get(file, ())))
            for file, edits in self._edits.items()
        }

    def replace(self, function: FunctionId, at: Range, text: str) -> None:
        """Put a text in the place of another."""
        edits = self._edits.setdefault(function.file, LineEdits())
        edits.replaced.append(Replacement.of(at, text))

    def read(self, access: Access) -> str:
        """Change a read so that it is one of the key; a text says why that cannot be."""
        facts, where = self._program.function(access.function), f"line {access.at.row} of {access.function.file}"
        node = next((n for n in walk(*facts.body) if getattr(n, "at", None) == access.at and not isinstance(n, ops.Evaluate)), None)
        uses = Uses(self._program, access.function, self._key)
        if node is None or access.form == "all":
            return f"{where} reads what is there whatever its key is"
        if isinstance(uses.parent(node), ops.Compare):
            compared = uses.parent(node)
            others = [n for n in (compared.left, *compared.comparators) if n is not node]
            if all(isinstance(other, ops.Constant) and other.value is None for other in others):
                return ""
        if access.form not in ("attribute", "item"):
            return f"{where} has an answer for the case that there is nothing"
        shown = uses.key_read(node)
        text = text_of(self._lines, access.function.file, node)
        if shown is not None:
            self.replace(access.function, shown.at, text)
            return ""
        session = self._session(access)
        if not session:
            return f"`{facts.qualname or access.function.file}` has no session to get it again with ({where})"
        return self._got(access, node, uses, session, text)

    def _got(self, access: Access, node: Node, uses: Uses, session: str, text: str) -> str:
        model = class_in(self._program, access.function, self._key)
        if isinstance(model, Refusal):
            return model.reason
        merged = uses.merge(node, session)
        reason = "" if merged is not None else self._unfit(access, node, uses, session)
        if reason:
            return reason
        self._imports.setdefault(access.function.file, set()).update(model.imports)
        self._additions.setdefault(access.function.file, set()).update(model.additions)
        self.replace(access.function, (merged or node).at, f"{session}.get({model.text}, {text})")
        return ""

    def _unfit(self, access: Access, node: Node, uses: Uses, session: str) -> str:
        match uses.parent(node):
            case ops.Assign(targets=(ops.Name(id=name),), value=value) if value is node:
                body = self._program.function(access.function).body
                names = [n for n in walk(*body) if isinstance(n, ops.Name) and n.id == name]
                bound = [n for n in names if isinstance(uses.parent(n), ops.Assign) and not uses.is_read(n)]
                if len(bound) > 1:
                    return f"`{name}` is other things, too"
                return next((why for n in names if n not in bound and (why := uses.unfit(n, session))), "")
            case _:
                return uses.unfit(node, session)

    def _session(self, access: Access) -> str:
        """The session that is at hand where the read is: of the innermost `with` around it, else a parameter."""
        facts = self._program.function(access.function)
        around = [s for s in statements(facts.body) if isinstance(s, ops.With) and any(n is access.statement for n in walk(*s.body))]
        for statement in reversed(around):
            for item in statement.items:
                if isinstance(item.target, ops.Name) and opens_session(self._program, access.function, item.context):
                    return "" if statement.is_async else item.target.id
        return next(self._parameters(access.function), "")

    def _parameters(self, function: FunctionId) -> Iterator[str]:
        for parameter in self._program.function(function).parameters:
            symbol = self._program.annotation_class(function, parameter.annotation) if parameter.annotation is not None else None
            is_named = parameter.annotation is None and parameter.name in _SESSION_NAMES
            if is_named or (isinstance(symbol, External) and symbol.name.rpartition(".")[2] == "Session"):
                yield parameter.name


def _is_statement(access: Access) -> bool:
    """Whether a deletion is all that its statement does."""
    return isinstance(access.statement, ops.Delete | ops.For) or (
        isinstance(access.statement, ops.Evaluate) and access.statement.value.at in (access.at, access.state.at)
    )
