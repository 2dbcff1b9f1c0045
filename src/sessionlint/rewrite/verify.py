"""Whether a rewritten program stands: every file parses, what was migrated is gone, and nothing new is wrong. Entry point: `Verifier`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

from sessionlint.capture import capture
from sessionlint.check import Finding, check
from sessionlint.config import Settings
from sessionlint.facts import FileFacts
from sessionlint.link import Program, link
from sessionlint.rewrite.codemods.scope.services import is_fallback
from sessionlint.solve import solve
from sessionlint.source import SourceFile

Evidence = tuple[str, str, str]

_HARMLESS = {"SES002", "SES108"}
"""A comment that silenced what is mended now has served its turn; a `commit()` that stays where it was, in a scope that commits too,
changes nothing."""


class Verifier:
    """Compares programs with the one that is being migrated, by its `findings`."""

    def __init__(self, settings: Settings, findings: Iterable[Finding]) -> None:
        self.settings = settings
        self._before = _evidence(findings)

    def relinked(self, program: Program, new: Mapping[str, bytes]) -> Program:
        """The program with the new contents in the place of the old."""
        files: dict[str, tuple[SourceFile, FileFacts]] = {name: (m.source, m.facts) for name, m in program.files.items()}
        for name, content in new.items():
            files[name] = (files[name][0], capture(content))
        templates = program.templates
        return link(files, self.settings, {name: (source, templates.facts[name]) for name, source in templates.sources.items()})

    def problems(self, program: Program, new: Mapping[str, bytes]) -> dict[str, str]:
        """What is wrong with the new contents, by file; empty if all is well."""
        if not new:
            return {}
        after = self.relinked(program, new)
        found = {name: "the result would not parse" for name in new if after.files[name].facts.error is not None}
        acquired, left = _acquired(program), _acquired(after)
        for name in new:
            if left[name] >= acquired[name]:
                found.setdefault(name, "the direct acquisition would still be there")
        now = _evidence(check(after, solve(after), self.settings))
        fallbacks = {
            ("SES101", site.at.file, after.function(site.function).qualname)
            for site in after.acquisitions
            if is_fallback(after.function(site.function))
        }
        for code, file, qualname in sorted((now - self._before).elements()):
            if file in new and (code, file, qualname) not in fallbacks:
                found.setdefault(file, f"`check` would report a new {code} in `{qualname}`")
        return found


def _acquired(program: Program) -> Counter[str]:
    """The number of direct acquisitions of each file, without those by which a service falls back to its own manager."""
    return Counter(site.at.file for site in program.acquisitions if not is_fallback(program.function(site.function)))


def _evidence(findings: Iterable[Finding]) -> Counter[Evidence]:
    return Counter((found.code, found.at.file, found.qualname) for found in findings if found.code not in _HARMLESS)
