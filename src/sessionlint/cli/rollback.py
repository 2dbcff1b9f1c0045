"""`sessionlint rollback`: undo the last `migrate --write`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from sessionlint.cli.exit_codes import ExitCode
from sessionlint.cli.options import settings_from


@click.command()
@click.argument("path", type=click.Path(path_type=Path), default=".")
@click.option("--config", multiple=True, metavar="FILE|KEY=VALUE", help="A configuration file, or a setting as TOML; may be repeated.")
@click.option("--isolated", is_flag=True, help="Look for no configuration and no project around PATH.")
def rollback(path: Path, **given: Any) -> ExitCode:
    """Undo the last `migrate --write`: every file gets back the bytes it had.

    PATH is anywhere in the project. If a file was changed since, it is named and nothing is touched.
    """
    from sessionlint.rewrite import rollback as restore

    for name in restore(settings_from([path], given).root):
        click.echo(f"restored {name}")
    return ExitCode.CLEAN
