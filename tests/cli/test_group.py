"""The folder is the registry of commands."""

from __future__ import annotations

import click
import pytest

from sessionlint.cli.group import group
from tests.cli.conftest import Command


def test_every_command_is_called_like_its_file() -> None:
    context = click.Context(group)
    names = group.list_commands(context)
    assert "check" in names
    assert {"main", "group", "options", "progress"} & set(names) == set()
    for name in names:
        command = group.get_command(context, name)
        assert command is not None, name
        assert command.name == name
        assert command.help, name


@pytest.mark.parametrize(
    ("name", "hint"), [("chek", " (Did you mean 'check'?)"), ("roll-back", " (Did you mean 'rollback'?)"), ("nope", "")]
)
def test_a_misspelt_command(sessionlint: Command, name: str, hint: str) -> None:
    done = sessionlint(name)
    assert (done.returncode, done.stderr.splitlines()[-1]) == (2, f"sessionlint: error: No such command '{name}'.{hint}")


def test_a_command_that_is_none() -> None:
    context = click.Context(group)
    assert group.get_command(context, "options") is None
    assert group.get_command(context, "nope") is None
