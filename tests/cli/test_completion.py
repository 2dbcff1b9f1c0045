"""What shells are told when they ask what could come next."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import click
import pytest
from click.shell_completion import ShellComplete

from sessionlint.check import all_rules
from sessionlint.cli.group import group
from sessionlint.report import formats
from sessionlint.rewrite import all_codemods
from tests.cli.conftest import Command


def offered(*arguments: str) -> list[str]:
    """What is offered for the last of the arguments."""
    *before, incomplete = arguments
    found = ShellComplete(group, {}, "sessionlint", "_SESSIONLINT_COMPLETE").get_completions(before, incomplete)
    return [item.value for item in found]


def test_the_commands() -> None:
    assert offered("") == group.list_commands(click.Context(group))
    assert offered("roll") == ["rollback"]


@pytest.mark.parametrize("option", ["--select", "--extend-select", "--ignore"])
def test_codes_and_what_they_begin_with(option: str) -> None:
    codes = [rule.code for rule in all_rules()]
    assert offered("check", option, "SES10") == [code for code in codes if code.startswith("SES10")]
    assert offered("check", option, "ses1")[:2] == ["SES1", "SES101"]
    assert offered("check", option, "A") == ["ALL"]
    assert set(codes) < set(offered("check", option, ""))


def test_codes_behind_a_comma() -> None:
    assert offered("check", "--select", "SES101,SES108") == ["SES101,SES108"]
    assert offered("check", "--select", "SES101,ses5")[0] == "SES101,SES5"


def test_the_codes_of_rules() -> None:
    assert offered("rule", "") == [rule.code for rule in all_rules()]
    assert offered("rule", "SES40") == ["SES401", "SES402", "SES403", "SES404", "SES405", "SES406"]


def test_the_names_of_rules() -> None:
    assert offered("rule", "detached-l") == ["detached-lazy-load"]
    assert offered("rule", "session-l") == ["session-leak"]


def test_formats_and_codemods() -> None:
    assert offered("check", "--output-format", "") == list(formats())
    assert offered("check", "--output-format", "con") == ["concise"]
    assert offered("migrate", "--only", "") == sorted(codemod.name for codemod in all_codemods())


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_each_shell_is_answered_in_its_own_way(sessionlint: Command, shell: str) -> None:
    words = {"COMP_WORDS": "sessionlint rule SES40", "COMP_CWORD": "SES40" if shell == "fish" else "2"}
    done = sessionlint(environment={**words, "_SESSIONLINT_COMPLETE": f"{shell}_complete"})
    assert (done.returncode, done.stderr) == (0, "")
    name = "unsafe-repr-relationship"
    first = {"bash": "plain,SES401\n", "zsh": f"plain\nSES401\n{name}\n", "fish": f"plain,SES401\t{name}\n"}
    assert done.stdout.startswith(first[shell])


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_the_script_of_each_shell(sessionlint: Command, shell: str) -> None:
    done = sessionlint("generate-shell-completion", shell)
    assert (done.returncode, done.stderr) == (0, "")
    assert f"_SESSIONLINT_COMPLETE={shell}_complete" in done.stdout


@pytest.mark.skipif(shutil.which("bash") is None, reason="needs bash")
def test_bash_itself(sessionlint: Command, tmp_path: Path) -> None:
    command = tmp_path / "sessionlint"
    command.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m sessionlint "$@"\n')
    command.chmod(0o755)
    script = sessionlint("generate-shell-completion", "bash").stdout
    words = "COMP_WORDS=(sessionlint check --select SES101,SES50)\nCOMP_CWORD=3\n"
    asked = f'{words}_sessionlint_completion "{command}"\necho "${{COMPREPLY[@]}}"\n'
    done = subprocess.run(["bash", "-c", script + asked], capture_output=True, text=True, timeout=60, check=False)
    assert (done.stdout, done.stderr) == ("SES101,SES501 SES101,SES502 SES101,SES503 SES101,SES504 SES101,SES505\n", "")


def test_a_shell_that_there_is_not(sessionlint: Command) -> None:
    done = sessionlint(environment={"_SESSIONLINT_COMPLETE": "tcsh_complete"})
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "sessionlint: error: `_SESSIONLINT_COMPLETE` holds no shell that there is\n"
    assert sessionlint("generate-shell-completion", "tcsh").returncode == 2
