"""A survey as a commented configuration, with the evidence for each setting. Entry points: `configuration_text`, `report_patch`."""

from __future__ import annotations

import difflib
import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from sessionlint.config import MigrateSettings, SessionSettings
from sessionlint.config.placing import NewContent
from sessionlint.report.printable import printable
from sessionlint.survey import Proposal, Survey

_SESSIONS, _MIGRATE = SessionSettings(), MigrateSettings()


@dataclass(frozen=True, slots=True)
class _Setting:
    """A setting that a survey speaks of: its default (a tuple for a list), what it is, and what is said where nothing was found."""

    key: str
    default: tuple[str, ...] | str
    what: str
    nothing: str


_SETTINGS = (
    _Setting(
        "sessions.acquirers",
        _SESSIONS.acquirers,
        "What hands out sessions that the caller has to end: SES101 reports the calls, `sessionlint migrate` rewrites them.",
        "no function that hands out sessions to callers who have to end them",
    ),
    _Setting(
        "sessions.closers",
        _SESSIONS.closers,
        "What ends a session that it is given.",
        "no function that closes sessions which it is given",
    ),
    _Setting(
        "sessions.identity-keys",
        _SESSIONS.identity_keys,
        "The keys of Streamlit's `session_state` that say who the user is (SES204).",
        "no instance that is looked up by a key of `session_state`",
    ),
    _Setting(
        "sessions.user-names",
        _SESSIONS.user_names,
        "The names by which templates know the user of the request (SES503).",
        "no template that reads the user of Flask-Login",
    ),
    _Setting(
        "sessions.view-decorators",
        _SESSIONS.view_decorators,
        'The decorators that give a view its session (SES504, which runs with `extend-select = ["SES504"]`).',
        "no decorator that takes a session for views",
    ),
    _Setting(
        "migrate.routes",
        _MIGRATE.routes,
        "The scope that `sessionlint migrate` gives to views and to what uses `current_user`.",
        "no scope that closes or commits its session",
    ),
    _Setting(
        "migrate.default",
        _MIGRATE.default,
        "The scope for everything else that runs in a request.",
        "no scope that closes or commits its session",
    ),
)


def configuration_text(survey: Survey, table: str) -> str:
    """The configuration as TOML, `table` being its own name in the file (`tool.sessionlint`), empty for a file of its own.

    What was found and equals the default, and what only people can decide, is a comment.
    """
    lines = [f"[{table}]"] if table else []
    lines += ["# Written by `sessionlint init`, which found here:"]
    lines += [f"# - {printable(sentence)}" for sentence in survey.described]
    lines += [
        "# Commented settings are the defaults, or yours to decide. `sessionlint check --show-settings` prints what holds.",
        "",
        "# Known findings, not reported again: `sessionlint baseline create` writes the file.",
        '# baseline = "sessionlint-baseline.json"',
    ]
    above = ""
    for setting in _SETTINGS:
        section, _, key = setting.key.partition(".")
        if section != above:
            lines += ["", f"[{f'{table}.' if table else ''}{section}]"]
            above = section
        else:
            lines.append("")
        lines.append(f"# {setting.what}")
        sure, unsure = survey.of(setting.key, is_sure=True), survey.of(setting.key, is_sure=False)
        lines += _list(key, setting, sure, unsure) if isinstance(setting.default, tuple) else _single(key, setting, sure, unsure)
    return "\n".join(lines) + "\n"


def _list(key: str, setting: _Setting, sure: Sequence[Proposal], unsure: Sequence[Proposal]) -> Iterator[str]:
    values = [proposal.value for proposal in sure]
    if not sure or sorted(values) == sorted(setting.default):
        if not sure and not unsure:
            yield f"# found: {setting.nothing}"
        for proposal in sure:
            yield _found(proposal)
        yield f"# {key} = {json.dumps(list(setting.default))}"
        if unsure:
            yield "# Yours to decide:"
        for proposal in unsure:
            yield _found(proposal)
            yield f"# {key} = {json.dumps([*values, proposal.value])}"
        return
    yield f"{key} = ["
    for proposal in sure:
        yield f"    {_found(proposal)}"
        yield f"    {json.dumps(proposal.value)},"
    if unsure:
        yield "    # Yours to decide:"
    for proposal in unsure:
        yield f"    {_found(proposal)}"
        yield f"    # {json.dumps(proposal.value)},"
    yield "]"


def _single(key: str, setting: _Setting, sure: Sequence[Proposal], unsure: Sequence[Proposal]) -> Iterator[str]:
    for proposal in (*sure, *unsure)[:1]:
        yield _found(proposal)
        mark = "" if proposal in sure and proposal.value != setting.default else "# "
        yield f"{mark}{key} = {json.dumps(proposal.value)}"
        return
    yield f"# found: {setting.nothing}"
    yield f"# {key} = {json.dumps(setting.default)}"


def _found(proposal: Proposal) -> str:
    return f"# found: {printable(proposal.at.file)}:{proposal.at.range.row} {printable(proposal.evidence)}"


_LINE = re.compile(r"[^\n]*\n|[^\n]+\Z")


def report_patch(contents: Sequence[NewContent], root: Path, out: TextIO) -> None:
    """The new contents as a unified diff that `git apply` takes in the directory `root`."""
    for new in contents:
        name = new.path.relative_to(root).as_posix() if new.path.is_relative_to(root) else new.path.as_posix()
        before, after = (_LINE.findall(content.decode("utf-8")) for content in (new.before or b"", new.after))
        for line in difflib.unified_diff(before, after, "/dev/null" if new.before is None else f"a/{name}", f"b/{name}"):
            out.write(line if line.endswith("\n") else line + "\n\\ No newline at end of file\n")
