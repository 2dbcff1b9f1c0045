"""safe-template: a template that reads a relationship of the user takes the safe name that the project provides for that."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cached_property

from sessionlint.check.finding import Applicability, Finding
from sessionlint.facts import FileFacts, ops
from sessionlint.rewrite.codemod import Codemod, FileEdit, Proposal, Refusal, Spot
from sessionlint.rewrite.edit import LineEdits, Replacement
from sessionlint.rewrite.reading.walk import target_names, walk


class SafeTemplate(Codemod):
    """Replace `current_user.orders` in a template by `safe_user.orders`, where `sessions.safe-user-name` is `safe_user`.

    The program has to put something under that name, in a context processor say; templates that bind it themselves stay, and so do all
    others if such a template includes some, which would see what it binds.
    """

    name = "safe-template"
    fixes = ("SES503",)

    def propose(self, spot: Spot) -> Proposal | Refusal:
        """The read under the safe name."""
        finding = spot.about
        assert isinstance(finding, Finding)
        safe = self.context.settings.sessions.safe_user_name
        if not safe:
            return Refusal("not-configured", "`sessions.safe-user-name` is not set")
        if safe not in self._provided:
            return Refusal("not-provided", f"the program puts nothing under `{safe}`")
        binder = spot.file if spot.file in self._binding else next(iter(self._including), "")
        if binder:
            return Refusal("bound", f"`{safe}` is bound in `{binder}`")
        user, _, attribute = finding.evidence.partition(".")
        row = finding.at.range.row
        lines = self._lines(spot.file)
        if spot.file in self.program.templates:
            text, above = "".join(lines), sum(len(line) for line in lines[: row - 1])
        else:
            text, above = "".join(lines[row - 1 : row]), 0
        columns = (
            [start - above + 1 for start in _reads(text, user, attribute) if 0 <= start - above < len(lines[row - 1])] if lines else []
        )
        others = [one.at.range for one in self.context.findings if _is_like(one, finding)]
        if len(columns) != len(others):
            return Refusal("unclear-text", "the read is not found in the text of the template")
        start = columns[sorted(others).index(finding.at.range)]
        edits = LineEdits(replaced=[Replacement(row, start, row, start + len(user), safe)])
        return Proposal({spot.file: FileEdit(edits)}, f"Read `{attribute}` of `{safe}`", Applicability.UNSAFE)

    @cached_property
    def _provided(self) -> frozenset[str]:
        """The names under which Python code puts something, as keys, keyword arguments or indices."""
        found: set[str] = set()
        for module in self.program.files.values():
            for facts in module.facts.functions:
                for node in walk(*facts.body):
                    if isinstance(node, ops.Keyword) and node.name:
                        found.add(node.name)
                    elif isinstance(node, ops.Constant) and isinstance(node.value, str):
                        found.add(node.value)
        return frozenset(found)

    @cached_property
    def _binding(self) -> list[str]:
        """The files with a template that binds the safe name itself, by a loop, `set`, `with` or as a macro's parameter."""
        safe = self.context.settings.sessions.safe_user_name
        files: dict[str, FileFacts] = {name: module.facts for name, module in self.program.files.items()}
        return sorted(name for name, facts in (files | self.program.templates.facts).items() if _binds(facts, safe))

    @cached_property
    def _including(self) -> list[str]:
        """Those of them whose templates include others."""
        return [file for file in self._binding if any("include" in line for line in self._lines(file))]

    def _lines(self, file: str) -> tuple[str, ...]:
        """The lines of a file, none of one that is not in the encoding that it should be in."""
        try:
            return self.context.lines[file]
        except (UnicodeDecodeError, SyntaxError):
            return ()


def _is_like(one: Finding, other: Finding) -> bool:
    """Whether two findings are about the same attribute on the same row."""
    places = ((found.code, found.at.file, found.at.range.row, found.evidence) for found in (one, other))
    return len(set(places)) == 1


_CODE = re.compile(r"\{#.*?#\}|\{%[-+]?\s*raw\s*[-+]?%\}.*?\{%[-+]?\s*endraw\s*[-+]?%\}|\{\{.*?\}\}|\{%.*?%\}", re.S)
_UNREAD = re.compile(r"\{#|\{%[-+]?\s*raw\b")
_STRING = re.compile(r"""'(?:\\.|[^'\\])*'|"(?:\\.|[^"\\])*\"""", re.S)


def _reads(text: str, user: str, attribute: str) -> Iterator[int]:
    """The offsets of `user` where a template reads the attribute of it: in expressions and statements, not in their strings."""
    read = re.compile(rf"""(?<![\w.]){re.escape(user)}\s*(?:\.\s*|\[\s*['"]){re.escape(attribute)}\b""")
    for code in _CODE.finditer(text):
        if _UNREAD.match(code[0]):
            continue
        strings = [match.span() for match in _STRING.finditer(code[0])]
        for found in read.finditer(code[0]):
            if not any(first < found.start() < last for first, last in strings):
                yield code.start() + found.start()


def _binds(facts: FileFacts, name: str) -> bool:
    first = min(facts.templates.values(), default=len(facts.functions))
    for body in facts.functions[first:]:
        if any(parameter.name == name for parameter in body.parameters):
            return True
        for node in walk(*body.body):
            targets = node.targets if isinstance(node, ops.Assign) else (node.target,) if isinstance(node, ops.For | ops.Clause) else ()
            if any(name in target_names(target) for target in targets):
                return True
    return False
