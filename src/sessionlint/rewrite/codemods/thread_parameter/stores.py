"""Whether what is kept under a key may go, and what of it goes. Entry point: `Stores`."""

from __future__ import annotations

from functools import cached_property

from sessionlint.facts import ops
from sessionlint.facts.walk import statements
from sessionlint.link import FunctionId
from sessionlint.rewrite.codemods.thread_parameter.accesses import Access
from sessionlint.rewrite.codemods.thread_parameter.kept import Kept
from sessionlint.rewrite.codemods.thread_parameter.threads import Threads
from sessionlint.source import is_test


class Stores:
    """The stores of one key, once its readers are threaded as far as they can be."""

    def __init__(self, kept: Kept, threads: Threads) -> None:
        self._kept, self._threads, self._key = kept, threads, threads.want.key
        every = (given for thread in threads.threads.values() for given in thread.given)
        self._is_read_in_tests = any(given.read is not None for given in every)

    def removed(self) -> list[Access]:
        """What goes with the stores: the stores themselves, and what makes them forgotten."""
        return [access for access in self._changing if access.key == self._key and not _is_whole(access)]

    def needed(self) -> str:
        """Why what is kept has to stay; empty if nobody reads it any more, and nobody misses what it keeps alive."""
        replaced = {id(access) for ones in self._threads.replaced.values() for access, _ in ones}
        for access in self._kept.of(self._key):
            name = self._name(access.function)
            if id(access) in self._guarded or is_test(access.function.file):
                continue
            if access.kind == "test":
                return f"`{name}` asks whether it is there"
            if access.kind == "read" and access.function not in self._threads.threads and id(access) not in replaced:
                why = self._threads.reasons.get(access.function, "")
                whole = f"`{name}` reads all that is there"
                return whole if access.key != self._key else f"`{name}` still reads it" + (f": {why}" if why else "")
        return next((why for access in self._changing if (why := self._unremovable(access))), "")

    @cached_property
    def _changing(self) -> list[Access]:
        """What stores or forgets. Tests that read it go on storing it."""
        found = [a for a in self._kept.of(self._key) if a.kind in ("write", "delete") and id(a) not in self._guarded]
        return [a for a in found if not (self._is_read_in_tests and is_test(a.function.file))]

    @cached_property
    def _guarded(self) -> set[int]:
        """What does nothing once nobody stores: `if "db" in st.session_state: del st.session_state.db`, or None where it is `not in`."""
        found: set[int] = set()
        for test in self._kept.of(self._key):
            asked = test.statement
            if test.kind != "test" or test.key != self._key or not isinstance(asked, ops.If) or asked.test.at != test.at or asked.orelse:
                continue
            inside = {id(statement) for statement in statements(asked.body)}
            own = [a for a in self._kept.of(self._key, test.function) if id(a.statement) in inside]
            is_absent = isinstance(asked.test, ops.Compare) and asked.test.operators == ("not in",)
            if own and all(a.key == self._key and (_is_none(a) or (a.kind == "delete" and not is_absent)) for a in own):
                found |= {id(test), *(id(access) for access in own)}
        return found

    def _unremovable(self, access: Access) -> str:
        if access.key != self._key or _is_whole(access):
            return ""
        name = self._name(access.function)
        if access.kind == "delete":
            is_plain = isinstance(access.statement, ops.Delete) and len(access.statement.targets) == 1
            is_popped = isinstance(access.statement, ops.Evaluate) and access.statement.value.at == access.at
            return "" if is_plain or is_popped else f"`{name}` takes it out and uses it"
        if _is_none(access):
            return ""
        if access.form == "setdefault":
            return f"`{name}` keeps what was there before, and with that the session of an earlier run"
        if not isinstance(access.value, ops.Name) or not isinstance(access.statement, ops.Assign | ops.Evaluate):
            return f"`{name}` has it nowhere else, so that it would not outlive the statement"
        if isinstance(access.statement, ops.Evaluate) and access.statement.value.at != access.at:
            return f"`{name}` uses what it has stored"
        if not self._kept.is_ended(access.function, access.value.id):
            return f"it keeps the session of `{name}` alive between the runs, which nobody closes"
        return ""

    def _name(self, function: FunctionId) -> str:
        facts = self._kept.program.function(function)
        return facts.qualname if function.index else function.file


def _is_none(access: Access) -> bool:
    """Whether None is stored, by a statement that does nothing else."""
    is_plain = isinstance(access.statement, ops.Assign) and len(access.statement.targets) == 1
    return access.kind == "write" and is_plain and isinstance(access.value, ops.Constant) and access.value.value is None


def _is_whole(access: Access) -> bool:
    return access.form == "all" or access.key.endswith("*")
