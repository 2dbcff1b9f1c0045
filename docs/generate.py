"""Write the documents that are made from the code, or with `--check` say which of them are stale.

    python docs/generate.py [--check]

To add one, add a function to `DOCUMENTS` that gives its text.
"""

from __future__ import annotations

import contextlib
import dataclasses
import inspect
import io
import json
import os
import re
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from textwrap import fill
from typing import Any, get_args

import click
import msgspec

from sessionlint.check import GROUPS, Rule, all_rules, documentation
from sessionlint.cli.group import group
from sessionlint.cli.show_settings import values
from sessionlint.config import CacheSettings, Options, Settings
from sessionlint.pipeline import Run, run, with_offers
from sessionlint.report import fix_of, formats, page, report
from sessionlint.rewrite import all_codemods

FOLDER = Path(__file__).parent
PARTS = FOLDER / "parts"
COMMAND = "make docs"

PRINTED = """What it shows below "How it fails at run time" is what the wrong example printed when
[{driver}](../../fixtures/pages/{driver}) ran it (as `main.py`; models that the example does not define are those of
[around.py](../../fixtures/pages/around.py)). Tests repeat that under SQLAlchemy 2.0 and 2.1. `...` stands for lines of libraries,
addresses are left out, and the pool waits for 0.1 seconds only."""
STAND_IN = "A [stand-in](../../fixtures/pages/beside/streamlit.py) plays Streamlit."

KEYS = {
    "extend": "Another configuration file, relative to this one, whose settings hold where this one says nothing.",
    "select": "The rules to run, as codes or prefixes of codes, instead of those that are on by default; `ALL` for all.",
    "extend-select": "Rules to run in addition.",
    "ignore": "Rules not to run. Of two prefixes the longer one wins, of equal ones `ignore`.",
    "require-reason": "Report comments that silence findings and do not say why (SES003).",
    "per-file-ignores": "Rules not to report in some files: patterns as in `.gitignore` (`!` at the front means all other files) to codes.",
    "fix": "Whether `check` applies fixes, as with `--fix`.",
    "fix-only": "Whether it does and reports nothing of what is left, as with `--fix-only`.",
    "show-fixes": "Whether `check` says what was fixed and how, and why the rest was not, as with `--show-fixes`.",
    "unsafe-fixes": "Whether unsafe fixes are applied too. Those that are not are mentioned, unless this is `false`.",
    "fixable": "The rules whose findings may be fixed, as codes or prefixes of codes.",
    "extend-fixable": "More of them.",
    "unfixable": "Rules whose findings may not be fixed. Of two prefixes the longer one wins, of equal ones `unfixable`.",
    "extend-safe-fixes": "Rules whose unsafe fixes are taken for safe ones.",
    "extend-unsafe-fixes": "Rules whose safe fixes are taken for unsafe ones. Of two prefixes the longer one wins, of equal ones this one.",
    "exclude": "Files and directories that are no part of the program, as patterns like those in `.gitignore`.",
    "extend-exclude": "More of them, beside the default ones.",
    "respect-gitignore": "Whether what git ignores is left out.",
    "force-exclude": "Whether excluded files stay excluded when they are named on the command line, as pre-commit does.",
    "src": "The directories that module names start from.",
    "baseline": "The file of known findings, relative to the project root; `sessionlint-baseline.json` there needs no naming. Empty: none.",
    "cache": "Whether facts are kept between runs.",
    "cache-dir": "Where they are kept, relative to the project root.",
    "output-format": "How `check` prints findings; the environment variable `SESSIONLINT_OUTPUT_FORMAT` and `--output-format` win over it.",
    "sessions.acquirers": "What hands out sessions that the caller has to end (SES101, `plan`, `migrate`). Matched on the dotted tail.",
    "sessions.closers": "What ends a session that it is given. Matched on the dotted tail.",
    "sessions.identity-keys": "Keys of `session_state` that hold a user's identity (SES204).",
    "sessions.user-names": "The names by which templates know the user of a request (SES503).",
    "sessions.view-decorators": "The decorators that give a view its session (SES504). Matched on the dotted tail.",
    "sessions.safe-user-name": "The name under which templates get the user, all loaded (codemod `safe-template`); empty for none.",
    "migrate.routes": "The scope that a function gets which is a route or uses `current_user`.",
    "migrate.default": "The scope for everything else that runs in a request.",
    "migrate.services": "What becomes of classes that hold `db_manager`: `inject`, the only way there is.",
    "migrate.phases": "The phases of the plan: tables with a `name` and `paths` (patterns); the first that matches a file counts.",
}
"""What is to be said of each key; a key without text, or a text without key, is an error."""


def rules() -> str:
    """`rules.md`: a table of all rules, a group after the other, with the way to the page of each."""
    parts = [f"# Rules\n\nMade from the rules by `{COMMAND}`. `sessionlint rule CODE` shows a rule's page on the terminal.\n"]
    for prefix, title in GROUPS.items():
        rows = [_row(rule) for rule in all_rules() if rule.code.startswith(prefix)]
        table = "\n".join(["| Code | Name | Default | Fix | What |", "|---|---|---|---|---|", *rows])
        parts.append(f"## {prefix} {title}\n\n{table}\n")
    return "\n".join(parts)


def _row(rule: Rule) -> str:
    commands = ", ".join(f"`{command}`" for command in fix_of(rule).commands) or "–"
    code = f'<a id="{rule.code.lower()}"></a>[{rule.code}](rules/{rule.code}.md)'
    return f"| {code} | {rule.name} | {'on' if rule.default else 'off'} | {commands} | {documentation(rule).summary} |"


def rule_page(rule: Rule) -> str:
    """`rules/SESNNN.md`: the page of a rule."""
    made, found = [f"Made from the rule's docstring by `{COMMAND}`."], documentation(rule)
    if found.printed:
        made.append(PRINTED.format(driver=f"{rule.code.lower()}.py"))
    if found.printed and "st.session_state" in found.bare(found.wrong):
        made.append(STAND_IN)
    return f"[Rules](../rules.md)\n\n{page(rule)}\n---\n\n{fill(' '.join(made), 120, break_long_words=False, break_on_hyphens=False)}\n"


def cli() -> str:
    """`cli.md`: every command with its arguments and options."""
    parts = [f"# Command line\n\nMade from the commands by `{COMMAND}`; `sessionlint COMMAND --help` shows the same.\n"]
    for name, command in _commands(group):
        arguments = [parameter for parameter in command.params if isinstance(parameter, click.Argument)]
        usage = " ".join(_argument(argument) for argument in arguments)
        rows = [_option(parameter) for parameter in command.params if isinstance(parameter, click.Option)]
        table = "\n".join(["| Option | What |", "|---|---|", *rows])
        parts.append(
            f"## sessionlint {name}\n\n    sessionlint {name} [OPTIONS] {usage}\n\n{inspect.cleandoc(command.help or '')}\n\n{table}\n"
        )
    parts += [(PARTS / name).read_text(encoding="utf-8") for name in ("exit_status.md", "environment.md")]
    return "\n".join(parts)


def _commands(of: click.Group, above: str = "") -> Iterator[tuple[str, click.Command]]:
    """All commands by the words that name them; of one that has commands beneath it, those."""
    context = click.Context(of)
    for name in of.list_commands(context):
        command = of.get_command(context, name)
        if command is None:
            raise LookupError(name)
        if isinstance(command, click.Group):
            yield from _commands(command, f"{above}{name} ")
        else:
            yield above + name, command


def codemods() -> str:
    """`codemods.md`: what all codemods promise, and the page of each."""
    parts = [(PARTS / "codemods.md").read_text(encoding="utf-8").rstrip("\n") + "\n"]
    for codemod in all_codemods():
        rules = ", ".join(f"[{code}](rules/{code}.md)" for code in codemod.fixes)
        where = "`check --fix` and `migrate`" if codemod.is_local else "`migrate`"
        parts.append(f"## {codemod.name}\n\nMends {rules}; run by {where}.\n\n{inspect.cleandoc(codemod.__doc__ or '')}\n")
    return "\n".join(parts)


def _argument(argument: click.Argument) -> str:
    shown = argument.metavar or f"{(argument.name or '').upper()}{'...' if argument.nargs == -1 else ''}"
    return shown if argument.required else f"[{shown}]"


def _option(option: click.Option) -> str:
    taken = option.metavar or (" ".join(option.type.choices) if isinstance(option.type, click.Choice) else "")
    names = ", ".join(f"`{name}`" for name in (*option.opts, *option.secondary_opts))
    shown = names + ("" if option.is_flag or not taken else f" `{taken}`".replace("|", "\\|"))
    variable = f" Environment variable: `{option.envvar}`." if option.envvar else ""
    return f"| {shown} | {option.help}{variable} |"


def configuration() -> str:
    """`configuration.md`: every key with its type and default."""
    head = (PARTS / "configuration.md").read_text(encoding="utf-8")
    defaults = dict(values(Settings(Path())))
    found = dict(_keys(Options))
    if found.keys() != KEYS.keys():
        raise LookupError(f"keys without text, or texts without key: {sorted(found.keys() ^ KEYS.keys())}")
    parts = [f"{head}\n## Keys\n\nMade from the code by `{COMMAND}`.\n"]
    for key, kind in found.items():
        default = json.dumps(defaults[key], ensure_ascii=False) if defaults.get(key) not in {None, "", ()} else ""
        told = f", by default `{default}`" if default and len(default) < 100 else ", by default those that ruff has" if default else ""
        parts.append(f"### `{key}`\n\n{KEYS[key]}\n\n{_NAMES.get(kind, kind)}{told}.\n")
    return "\n".join(parts)


_NAMES = {"tuple": "An array of strings", "str": "A string", "bool": "`true` or `false`", "dict": "A table of arrays of strings"}


def _keys(table: type[msgspec.Struct], above: str = "") -> Iterator[tuple[str, str]]:
    for field in msgspec.structs.fields(table):
        kind: Any = next(argument for argument in get_args(field.type) if argument is not type(None))
        if isinstance(kind, type) and issubclass(kind, msgspec.Struct):
            yield from _keys(kind, f"{field.encode_name}.")
        elif any(isinstance(inner, type) and issubclass(inner, msgspec.Struct) for inner in get_args(kind)):
            yield above + field.encode_name, "An array of tables"
        else:
            yield above + field.encode_name, getattr(kind, "__origin__", kind).__name__


def output() -> str:
    """`output.md`: every format, with what it makes of an example."""
    shop = PARTS / "output" / "shop.py"
    text = (PARTS / "output.md").read_text(encoding="utf-8").replace("<!-- source -->", shop.read_text(encoding="utf-8").rstrip("\n"))
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder).resolve()
        (root / ".git").mkdir()
        shutil.copy(shop, root)
        settings = Settings(root=root, cache=CacheSettings(enabled=False))
        done = with_offers(run([root], settings, jobs=1))
        shown = dataclasses.replace(done, is_absolute=False)
        with _inside(root):
            examples = {format: _printed(shown, format).replace(str(root), "/home/me/shop") for format in formats()}
    missing = {format for format in examples if f"## {format}\n" not in text}
    if missing:
        raise LookupError(f"formats without a section in parts/output.md: {sorted(missing)}")
    return re.sub(r"<!-- example: ([a-z-]+) -->", lambda match: _fenced(match[1], examples[match[1]]), text)


def _printed(done: Run, format: str) -> str:
    out = io.StringIO()
    report(done, format, out, color="never", width=0)
    return out.getvalue()


def _fenced(format: str, text: str) -> str:
    """The text as a block; of long JSON one finding."""
    if format == "json":
        text = json.dumps([{**json.loads(text)[0], "related": []}], indent=2).replace('"related": []', '"related": […]')
    elif format == "sarif":
        text = json.dumps(json.loads(text)["runs"][0]["results"][0], indent=2)
    elif format == "report":
        text = json.dumps({**json.loads(text), "findings": []}, indent=2).replace('"findings": []', '"findings": […]')
    language = {"sarif": "json", "gitlab": "json", "rdjson": "json", "report": "json", "junit": "xml"}.get(format, format)
    kind = language if language in ("json", "xml", "csv", "markdown") else "text"
    return f"```{kind}\n{text.rstrip(chr(10))}\n```"


@contextlib.contextmanager
def _inside(folder: Path) -> Iterator[None]:
    before = Path.cwd()
    os.chdir(folder)
    try:
        yield
    finally:
        os.chdir(before)


DOCUMENTS: dict[str, Callable[[], str]] = {
    "rules.md": rules,
    "cli.md": cli,
    "configuration.md": configuration,
    "codemods.md": codemods,
    "output.md": output,
    **{f"rules/{rule.code}.md": partial(rule_page, rule) for rule in all_rules()},
}


def stale(folder: Path = FOLDER) -> list[str]:
    """The names of the documents that differ from what would be written."""
    return [
        name for name, text in DOCUMENTS.items() if not (folder / name).exists() or (folder / name).read_text(encoding="utf-8") != text()
    ]


def main(arguments: list[str]) -> int:
    """Exit status: 1 if `--check` found something stale."""
    found = stale()
    if "--check" in arguments:
        if found:
            sys.stderr.write(f"stale: {', '.join(found)}; run `{COMMAND}`\n")
        return 1 if found else 0
    for name in found:
        (FOLDER / name).parent.mkdir(exist_ok=True)
        (FOLDER / name).write_text(DOCUMENTS[name](), encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
