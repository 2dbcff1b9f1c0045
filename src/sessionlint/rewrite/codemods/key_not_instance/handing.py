"""SES206: instances that are handed to threads, executors and tasks. Entry point: `Handing`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sessionlint.check.finding import Applicability, Finding
from sessionlint.facts import ops
from sessionlint.link import FunctionId, Program
from sessionlint.rewrite.codemod import Addition, FileEdit, Lines, NewImport, Proposal, Refusal
from sessionlint.rewrite.codemods.key_not_instance.calls import Argument, Elsewhere, read_call
from sessionlint.rewrite.codemods.key_not_instance.keys import Key, key_of
from sessionlint.rewrite.codemods.key_not_instance.receiver import Receiver
from sessionlint.rewrite.codemods.thread_parameter.references import References
from sessionlint.rewrite.edit import LineEdits, Replacement
from sessionlint.rewrite.reading.passages import call_at
from sessionlint.rewrite.reading.walk import walk


@dataclass(frozen=True, slots=True)
class _Site:
    """A call that hands instances over: what it runs, and the keys of the instances by the parameters that get them."""

    finding: Finding
    caller: FunctionId
    call: ops.Call
    runs: Elsewhere
    keys: dict[str, Key]


class Handing:
    """Answers for each finding of SES206."""

    def __init__(self, program: Program, lines: Lines, findings: Sequence[Finding]) -> None:
        self._program, self._lines = program, lines
        self._references = References(program)
        self._sites = {id(finding): self._site(finding) for finding in findings}
        self._answers: dict[FunctionId, Proposal | Refusal] = {}

    def answer(self, finding: Finding) -> Proposal | Refusal:
        """What to do about a finding."""
        site = self._sites[id(finding)]
        if isinstance(site, str):
            return Refusal("not-by-key", site)
        target = site.runs.function
        if target not in self._answers:
            self._answers[target] = self._proposal(target)
        return self._answers[target]

    def _site(self, finding: Finding) -> _Site | str:
        """What a finding is about; a text says why the key cannot be handed over."""
        if finding.function is None or ("session is handed" in finding.message and not finding.held):
            return "it is the session itself that is handed over: what runs there needs one of its own"
        call = call_at(self._program.function(finding.function), finding.at.range)
        if call is None or not finding.held:
            return "it is not a variable of this function that is handed over"
        runs = read_call(self._program, finding.function, call)
        if isinstance(runs, str):
            return runs
        if any(not (each.is_stored and each.has_key) for each in finding.held):
            return "the instance has changes, or is new, so that another session would not find it as it is"
        models = {each.name: each.model for each in finding.held}
        keys: dict[str, Key] = {}
        for parameter, given in runs.arguments.items():
            if isinstance(given.value, ops.Name) and given.value.id in models:
                key = key_of(self._program, models[given.value.id])
                if key is None or len({each.model for each in finding.held if each.name == given.value.id}) > 1:
                    return "the primary key of the instance is not known"
                keys[parameter] = key
        mentioned = [node for node in walk(call) if isinstance(node, ops.Name) and node.id in models]
        if not keys or len(mentioned) != len(keys) or {node.id for node in mentioned} != self._all_names(finding):
            return "the instance is not only an argument of the function that runs there"
        return _Site(finding, finding.function, call, runs, keys)

    def _all_names(self, finding: Finding) -> set[str]:
        return {each.name for each in finding.held}

    # -- the function that runs elsewhere -------------------------------------------------------------------------

    def _proposal(self, target: FunctionId) -> Proposal | Refusal:
        sites = [site for site in self._sites.values() if isinstance(site, _Site) and site.runs.function == target]
        facts = self._program.function(target)
        reason = self._stuck(target, sites)
        if reason:
            return Refusal("receiver", reason)
        edits: dict[str, LineEdits] = {}
        imports: list[NewImport] = []
        additions: list[Addition] = []
        for parameter, key in sites[0].keys.items():
            taking = Receiver(self._program, self._lines, target, parameter, key).taking()
            if isinstance(taking, str):
                return Refusal("receiver", taking)
            if self._may_be_none(parameter, sites) and self._asks(target, parameter):
                return Refusal("receiver", f"`{facts.qualname}` asks whether it was given an instance at all")
            own = edits.setdefault(target.file, LineEdits())
            own.replaced += taking.edits.replaced
            own.inserted += taking.edits.inserted
            imports += taking.imports
            additions += taking.additions
            for site in sites:
                there = edits.setdefault(site.caller.file, LineEdits())
                there.replaced += self._given(site, parameter, key, taking.name)
        files = {name: FileEdit(found) for name, found in edits.items()}
        files[target.file] = FileEdit(edits[target.file], tuple(imports), tuple(additions))
        what = " and ".join(f"`{key.name}`" for key in sites[0].keys.values())
        return Proposal(files, f"Hand over the primary key of {what}", Applicability.UNSAFE, key=f"hand {target.file} {target.index}")

    def _stuck(self, target: FunctionId, sites: list[_Site]) -> str:
        facts = self._program.function(target)
        if facts.decorators or facts.owner >= 0 or facts.is_generator:
            return f"`{facts.qualname}` is called by others, too: its parameters are not only the program's"
        if any(site.keys != sites[0].keys for site in sites):
            return f"`{facts.qualname}` is not given the same everywhere"
        loose = self._references.loose(target)
        for use in loose:
            if not any(use.place == s.caller and s.call.at.row <= use.row <= s.call.at.end_row and s.runs.inner is None for s in sites):
                return f"`{facts.qualname}` is used at {use.place.file}:{use.row} too, with an instance that is not known"
        for direct in self._references.sites(target):
            if not any(site.runs.inner is direct.call for site in sites):
                return f"`{facts.qualname}` is called at {direct.caller.file}:{direct.call.at.row} too"
        return ""

    def _may_be_none(self, parameter: str, sites: list[_Site]) -> bool:
        for site in sites:
            value = site.runs.arguments[parameter].value
            if isinstance(value, ops.Name) and any(each.is_nullable and each.name == value.id for each in site.finding.held):
                return True
        return False

    def _asks(self, target: FunctionId, parameter: str) -> bool:
        for node in walk(*self._program.function(target).body):
            tested: list[ops.Expr] = [node.left, *node.comparators] if isinstance(node, ops.Compare) else []
            tested += [node.test] if isinstance(node, ops.If | ops.While | ops.Conditional) else []
            tested += list(node.values) if isinstance(node, ops.BoolOp) else []
            tested += [node.value] if isinstance(node, ops.Not) else []
            if any(isinstance(each, ops.Name) and each.id == parameter for each in tested):
                return True
        return False

    # -- the calls ------------------------------------------------------------------------------------------------

    def _given(self, site: _Site, parameter: str, key: Key, name: str) -> list[Replacement]:
        """The edits of a call: the key for the instance, and the new name where the parameter is named."""
        given: Argument = site.runs.arguments[parameter]
        value = given.value
        assert isinstance(value, ops.Name)
        at, text = value.at, key.text(value.id)
        line = self._lines[site.caller.file][at.row - 1]
        if isinstance(given.label, str):
            column = line.rindex(given.label, 0, at.column - 1) + 1
            return [Replacement(at.row, column, at.end_row, at.end_column, f"{name}={text}")]
        found = [Replacement.of(at, text)]
        if given.label is not None:
            label = given.label.at
            quote = self._lines[site.caller.file][label.row - 1][label.column - 1]
            found.append(Replacement.of(label, f"{quote}{name}{quote}"))
        return found
