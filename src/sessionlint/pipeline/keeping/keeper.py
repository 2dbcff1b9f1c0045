"""What a run keeps for the next one over the same program, so that nothing need be parsed, linked or solved again. Entry point: `Keeper`.

The key is made of all that an analysis depends on, and of nothing that only concerns what is shown: which files are reported on, formats,
the baseline. What is asked about a program later (fixes, advice) is kept beside it, once it has been answered.
"""

from __future__ import annotations

import contextlib
import hashlib
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

import msgspec

from sessionlint.cache import open_results, stamp_of_code
from sessionlint.check import INTERNAL_ERROR
from sessionlint.check.found import Checked
from sessionlint.config import Settings
from sessionlint.pipeline.reading import Sources
from sessionlint.source.storing import as_bytes

if TYPE_CHECKING:
    from sessionlint.link import Program
    from sessionlint.pipeline.analysis import Analysis

Answer = TypeVar("Answer")

ANSWERS = 8
"""How many answers are kept beside a result: of one program few questions are asked again and again."""

DECIDING = ("lint", "sessions")
"""The settings that decide what is found in given files; those about files show in which there are."""

_OURS = "SES"


class Kept(msgspec.Struct, frozen=True):
    """`found` is what was found in all files; `broken` are those that could not be read or parsed, and those that need to know what is in
    them; `noqa` are the codes of ours that `# noqa` comments name, by file; `answers` are encoded, by what was asked."""

    found: Checked
    broken: frozenset[str]
    noqa: dict[str, tuple[str, ...]]
    answers: dict[str, msgspec.Raw] = {}


class Keeper:
    """Of one program under one configuration. One that `is_edited`, not what is on the disk, is soon another, and gets in nobody's way."""

    def __init__(self, sources: Sources, settings: Settings, *, is_edited: bool) -> None:
        kinds = ("edited", "results") if is_edited else ("results", "edited")
        cache = settings.cache
        self._results = [open_results(settings.root, cache.directory, kind, enabled=cache.enabled) for kind in kinds]
        self._key = key_of(sources, settings) if cache.enabled else ""
        self._kept: Kept | None = None

    def get(self) -> Kept | None:
        """What was kept, None if nothing was or it cannot be read."""
        for results in self._results:
            data = results.get(self._key)
            if data is not None:
                with contextlib.suppress(msgspec.MsgspecError):
                    self._kept = msgspec.msgpack.decode(data, type=Kept)
                    break
        return self._kept

    def put(self, kept: Kept) -> None:
        """Keep a result. A failure is not: it may have been one of this machine, or of this moment."""
        found = kept.found
        if not any(one.code == INTERNAL_ERROR[0] for one in (*found.findings, *(silenced.finding for silenced in found.suppressed))):
            self._kept = kept
            if (data := as_bytes(kept)) is not None:
                self._results[0].put(self._key, data)

    def answer(self, question: str, kind: Any, make: Callable[[], Answer]) -> Answer:
        """The answer to a question about the program, of the type `kind`: what was kept, else what `make` makes of it."""
        if self._kept is None:
            return make()
        known = self._kept.answers.get(question)
        if known is not None:
            with contextlib.suppress(msgspec.MsgspecError):
                answer: Answer = msgspec.msgpack.decode(known, type=kind)
                return answer
        made = make()
        others = [(asked, said) for asked, said in self._kept.answers.items() if asked != question]
        if (data := as_bytes(made)) is not None:
            answers = dict([*others[1 - ANSWERS :], (question, msgspec.Raw(data))])
            self.put(msgspec.structs.replace(self._kept, answers=answers))
        return made


def kept_of(done: Analysis) -> Kept:
    """What is to be kept of an analysis."""
    return Kept(done.found, broken_in(done.program), _noqa_codes(done.program))


def broken_in(program: Program) -> frozenset[str]:
    """The files that could not be read or parsed, and those that need to know what is in them."""
    from sessionlint.link import relying_on

    broken = [name for name, module in program.files.items() if module.facts.error is not None]
    return relying_on(program, broken) if broken else frozenset()


def _noqa_codes(program: Program) -> dict[str, tuple[str, ...]]:
    codes = {
        name: tuple(code for found in module.facts.suppressions if found.kind == "noqa" for code in found.codes if code.startswith(_OURS))
        for name, module in program.files.items()
    }
    return {name: found for name, found in codes.items() if found}


def key_of(sources: Sources, settings: Settings) -> str:
    """All that decides what is found in a program."""
    deciding = [repr(getattr(settings, name)) for name in DECIDING]
    key = hashlib.blake2b("\0".join([stamp_of_code(), *deciding]).encode("utf-8", "surrogatepass"), digest_size=16)
    contents = {**sources.python, **sources.templates}
    for file in sources.files():
        content = contents.get(file)
        what = sources.failures[file] if content is None else len(content)
        key.update(f"\0{file.name}\0{file.module}\0{file.is_package}\0{what!r}\0".encode("utf-8", "surrogatepass"))
        key.update(content or b"")
    return key.hexdigest()
