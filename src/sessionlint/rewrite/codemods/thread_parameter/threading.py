"""The threads of all keys together: which of them are one proposal, and what becomes of the stores. Entry point: `Threading`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from sessionlint.check.finding import Applicability, Finding
from sessionlint.knowledge.frameworks.stores import PER_VISITOR
from sessionlint.link import FunctionId, Program
from sessionlint.rewrite.codemod import Lines, Proposal, Refusal
from sessionlint.rewrite.codemods.thread_parameter.accesses import Access
from sessionlint.rewrite.codemods.thread_parameter.edits import Edits, Impossible
from sessionlint.rewrite.codemods.thread_parameter.kept import Kept
from sessionlint.rewrite.codemods.thread_parameter.places import end, start
from sessionlint.rewrite.codemods.thread_parameter.stores import Stores
from sessionlint.rewrite.codemods.thread_parameter.threads import Thread, Threads, Want

_ROUNDS = 20


@dataclass(slots=True)
class _Group:
    """What goes together: threaded functions, reads that a variable replaces, stores that are deleted."""

    functions: set[FunctionId] = field(default_factory=set)
    replaced: list[tuple[Access, str]] = field(default_factory=list)
    stores: list[Access] = field(default_factory=list)


class Threading:
    """Answers for each finding of SES201, SES203 and SES204."""

    def __init__(self, program: Program, lines: Lines, findings: Sequence[Finding]) -> None:
        self._program, self._lines, self._findings = program, lines, findings
        self._kept = Kept(program, lines)
        self._sessions: dict[str, Threads] = {}
        self._identities: dict[str, Threads] = {}
        self._why_kept: dict[str, str] = {}
        self._decide()
        self._groups = self._grouped()
        self._proposals: dict[int, Proposal | Refusal] = {}

    # -- answers --------------------------------------------------------------------------------------------------

    def answer(self, finding: Finding) -> Proposal | Refusal:
        """What to do about a finding."""
        store, _, key = finding.evidence.rpartition(".")
        if store != PER_VISITOR:
            return Refusal("other-store", f"`{store}` is kept outside of the program, where no session can be: what reads it is not known")
        access = self._access(finding, key)
        if access is None:
            return Refusal("unknown-key", "how it is written hides the key, so that who else uses it is not known")
        if finding.code == "SES201":
            index = next((i for i, g in enumerate(self._groups) if any(store is access for store in g.stores)), -1)
            return self._proposal(index) if index >= 0 else Refusal("still-read", self._why_kept.get(key, "it is not only stored here"))
        threads = (self._identities if finding.code == "SES204" else self._sessions)[key]
        index = self._group_of(access, threads)
        if index >= 0:
            return self._proposal(index)
        return Refusal("not-threaded", threads.reasons.get(access.function, "what it is at this place is not certain"))

    def _access(self, finding: Finding, key: str) -> Access | None:
        kind = "write" if finding.code == "SES201" else "read"
        at = (finding.at.range.row, finding.at.range.column)
        found = [a for a in self._kept.accesses if a.function == finding.function and a.key == key and a.kind == kind]
        return next(
            (a for a in found if start(a.statement.at) <= at <= end(a.statement.at) and start(a.at) <= at <= end(a.at)), None
        ) or next((a for a in found if start(a.statement.at) <= at < end(a.statement.at)), None)

    def _group_of(self, access: Access, threads: Threads) -> int:
        for index, group in enumerate(self._groups):
            if any(read is access for read, _ in group.replaced):
                return index
            if access.function in group.functions and access.function in threads.threads:
                return index
        return -1

    # -- decisions ------------------------------------------------------------------------------------------------

    def _decide(self) -> None:
        """The threads of the sessions, then those of the identities that functions read which are, or come to be, handed a session.

        A function that would be handed a session while it goes on reading the identity is none the better for it: then it keeps both.
        """
        blocked: dict[FunctionId, str] = {}
        for _ in range(_ROUNDS):
            keys = self._keys("SES201") | self._keys("SES203")
            self._sessions = {key: Threads(self._kept, Want(key, "session"), blocked=blocked) for key in sorted(keys)}
            helpers = {f.function for f in self._findings if f.code == "SES204" and f.function is not None}
            handed = helpers | {function for threads in self._sessions.values() for function in threads.threads}
            read = {a.key for a in self._kept.accesses if a.kind == "read" and a.function in handed} & self._program.identity_keys
            self._identities = {key: Threads(self._kept, Want(key, "identity"), handed) for key in sorted(read)}
            failed = {
                function: f"it reads the identity, too: {reason}"
                for threads in self._identities.values()
                for function, reason in threads.reasons.items()
                if function in handed - helpers and function not in self._program.entry_points
            }
            if not failed.keys() - blocked.keys():
                break
            blocked |= failed

    def _keys(self, code: str) -> set[str]:
        found = {f.evidence.rpartition(".") for f in self._findings if f.code == code}
        return {key for store, _, key in found if store == PER_VISITOR and key}

    # -- groups ---------------------------------------------------------------------------------------------------

    def _grouped(self) -> list[_Group]:
        groups: list[_Group] = []
        for key, threads in self._sessions.items():
            replaced = [one for ones in threads.replaced.values() for one in ones]
            stores = Stores(self._kept, threads)
            self._why_kept[key] = stores.needed()
            if not self._why_kept[key]:
                groups.append(_Group(set(threads.threads), replaced, stores.removed()))
            else:
                groups += [_Group(_linked(function, threads.threads)) for function in threads.threads]
                groups += [_Group(replaced=[one]) for one in replaced]
        for threads in self._identities.values():
            groups += [_Group(_linked(function, threads.threads)) for function in threads.threads]
        return _joined(groups)

    def _proposal(self, index: int) -> Proposal | Refusal:
        if index not in self._proposals:
            self._proposals[index] = self._made(index)
        return self._proposals[index]

    def _made(self, index: int) -> Proposal | Refusal:
        group = self._groups[index]
        threads = {function: self._threads_of(function) for function in sorted(group.functions)}
        edits = Edits(self._kept, self._lines, threads)
        try:
            for function in threads:
                edits.thread(function)
            for access, name in group.replaced:
                edits.replace_read(access, name)
            for access in group.stores:
                edits.remove_store(access)
            files = edits.files()
        except Impossible as impossible:
            return Refusal("not-editable", str(impossible))
        names = sorted({edits.name_of(thread) for wanted in threads.values() for thread in wanted})
        what = " and ".join(f"`{name}`" for name in names)
        message = f"Hand {what} on as a parameter" if names else "Use the variable that was stored"
        return Proposal(files, message, Applicability.UNSAFE, f"thread {index}", frozenset(self._moved(threads)))

    def _moved(self, threads: Mapping[FunctionId, list[Thread]]) -> Iterator[tuple[str, str, str]]:
        """Reads of sessions that tests make now because the functions that they call do not any more."""
        for thread in (thread for wanted in threads.values() for thread in wanted if thread.want.kind == "session"):
            for caller in (given.site.caller for given in thread.given if given.read is not None):
                yield "SES203", caller.file, self._program.function(caller).qualname

    def _threads_of(self, function: FunctionId) -> list[Thread]:
        every = [*self._sessions.values(), *self._identities.values()]
        return [threads.threads[function] for threads in every if function in threads.threads]

    def _name(self, function: FunctionId) -> str:
        return self._program.function(function).qualname if function.index else function.file


def _linked(function: FunctionId, threads: dict[FunctionId, Thread]) -> set[FunctionId]:
    """A function and the callers that pass it a parameter of their own."""
    found = {function}
    for given in threads[function].given:
        if not given.name and given.read is None:
            found.add(given.site.caller)
    return found


def _joined(groups: Iterable[_Group]) -> list[_Group]:
    """Groups that share a function are one."""
    joined: list[_Group] = []
    for group in groups:
        one = _Group(set(group.functions), list(group.replaced), list(group.stores))
        for other in [other for other in joined if other.functions & group.functions]:
            joined.remove(other)
            one.functions |= other.functions
            one.replaced, one.stores = other.replaced + one.replaced, other.stores + one.stores
        joined.append(one)
    return joined
