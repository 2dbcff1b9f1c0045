"""Options that several commands share, with ruff's names and meanings, and the settings they add up to.

A command takes them with `@selection_options`, `@file_options`, `@run_options` and hands all its keyword arguments to `settings_from`.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeVar

import click

from sessionlint.cli.baselining import named_baseline
from sessionlint.cli.completing import codes
from sessionlint.cli.executing import refuse_jobs_beside_executor, workers_options
from sessionlint.cli.projects import hook_top
from sessionlint.config import Options, Settings, load_settings

Function = TypeVar("Function", bound=Callable[..., Any])


def split_list(ctx: click.Context, param: click.Parameter, values: tuple[str, ...]) -> tuple[str, ...] | None:
    """All values of a repeatable option that takes lists, in order; None where the option was not given."""
    parts = [part.strip() for value in values for part in value.split(",")]
    return tuple(part for part in parts if part) if values else None


def comma_list(*names: str, metavar: str, help: str) -> Callable[[Function], Function]:
    """An option that takes lists."""
    complete = codes if metavar == "CODES" else None
    return click.option(*names, multiple=True, callback=split_list, metavar=metavar, help=help, shell_complete=complete)


def _applied(function: Function, options: Sequence[Callable[[Function], Function]]) -> Function:
    for option in reversed(options):
        function = option(function)
    return function


def paths_argument(function: Function) -> Function:
    """`PATHS`: files and directories, by default the current one. Their existence is checked where they are walked."""
    return click.argument("paths", nargs=-1, type=click.Path(path_type=Path))(function)


def selection_options(function: Function) -> Function:
    """`--select` and its kind."""
    return _applied(
        function,
        [
            comma_list("--select", metavar="CODES", help="Rules to run, as codes or prefixes, instead of the default ones; ALL for all."),
            comma_list("--extend-select", metavar="CODES", help="Rules to run in addition."),
            comma_list("--ignore", metavar="CODES", help="Rules not to run."),
            comma_list("--per-file-ignores", metavar="GLOB:CODE", help="Rules not to run in the files that a pattern matches."),
        ],
    )


def file_options(function: Function) -> Function:
    """`--exclude` and its kind."""
    return _applied(
        function,
        [
            comma_list("--exclude", metavar="GLOBS", help="Files and directories to leave out, instead of the default ones."),
            comma_list("--extend-exclude", metavar="GLOBS", help="Files and directories to leave out in addition."),
            click.option("--respect-gitignore/--no-respect-gitignore", default=None, help="Leave out what git ignores (default)."),
            click.option(
                "--force-exclude/--no-force-exclude",
                default=None,
                help="Leave out excluded files even if they are named on the command line.",
            ),
        ],
    )


def run_options(function: Function) -> Function:
    """Configuration, cache, processes, and how much is said."""
    return _applied(
        function,
        [
            click.option(
                "--config", multiple=True, metavar="FILE|KEY=VALUE", help="A configuration file, or a setting as TOML; may be repeated."
            ),
            click.option("--isolated", is_flag=True, help="Look for no configuration and no project around PATHS."),
            click.option("-n", "--no-cache", is_flag=True, envvar="SESSIONLINT_NO_CACHE", help="Neither read nor write the cache."),
            click.option("--cache-dir", envvar="SESSIONLINT_CACHE_DIR", type=click.Path(), metavar="DIR", help="Where the cache is."),
            workers_options,
            click.option("-v", "--verbose", is_flag=True, help="Say what the run did and how long it took."),
            click.option("-q", "--quiet", is_flag=True, help="Print findings and nothing else."),
            click.option("-s", "--silent", is_flag=True, help="Print nothing; the exit status tells."),
            click.option("--color", type=click.Choice(["auto", "always", "never"]), default="auto", help="When to colour the output."),
        ],
    )


def format_option(*formats: str) -> Callable[[Function], Function]:
    """`--output-format` of a command that lists something else than findings, the first format being the default."""
    told = "How it is printed."
    return click.option(
        "--output-format", "--format", "output", type=click.Choice(formats), default=formats[0], show_default=True, help=told
    )


def fix_options(function: Function) -> Function:
    """Which fixes `check` applies."""
    return _applied(
        function,
        [
            click.option("--fix/--no-fix", default=None, help="Apply safe fixes to the files, and report what is left."),
            click.option("--unsafe-fixes/--no-unsafe-fixes", default=None, help="Take fixes as well that may change more than the misuse."),
            click.option("--fix-only/--no-fix-only", default=None, help="Apply fixes, and do not report what is left; implies `--fix`."),
            click.option("--diff", is_flag=True, help="Print what `--fix` would change as a diff, write nothing; implies `--fix-only`."),
            click.option("--show-fixes/--no-show-fixes", default=None, help="Say which findings were fixed, and how."),
            comma_list("--fixable", metavar="CODES", help="Rules whose findings may be fixed, as codes or prefixes (default: ALL)."),
            comma_list("--unfixable", metavar="CODES", help="Rules whose findings may not be fixed."),
            comma_list("--extend-fixable", metavar="CODES", help="Rules whose findings may be fixed, in addition."),
            click.option("--exit-non-zero-on-fix", is_flag=True, help="Exit with 1 if anything was fixed, even if nothing is left."),
        ],
    )


def settings_from(paths: Sequence[Path], given: Mapping[str, Any]) -> Settings:
    """The settings for a run over `paths`, from the command's keyword arguments. Raises `SessionlintError` and click's `UsageError`."""
    refuse_jobs_beside_executor(given)
    cache_dir = given.get("cache_dir")
    overrides = Options(
        select=given.get("select"),
        extend_select=given.get("extend_select"),
        ignore=given.get("ignore"),
        per_file_ignores=_per_file(given.get("per_file_ignores")),
        exclude=given.get("exclude"),
        extend_exclude=given.get("extend_exclude"),
        respect_gitignore=given.get("respect_gitignore"),
        force_exclude=given.get("force_exclude"),
        cache=False if given.get("no_cache") else None,
        cache_dir=os.path.abspath(cache_dir) if cache_dir else None,
        output_format=given.get("output_format"),
        baseline=named_baseline(given),
        fix=given.get("fix"),
        fix_only=given.get("fix_only"),
        show_fixes=given.get("show_fixes"),
        unsafe_fixes=given.get("unsafe_fixes"),
        fixable=given.get("fixable"),
        extend_fixable=given.get("extend_fixable"),
        unfixable=given.get("unfixable"),
    )
    return load_settings(paths, isolated=given.get("isolated", False), config=given.get("config", ()), overrides=overrides, top=hook_top())


def _per_file(pairs: tuple[str, ...] | None) -> dict[str, tuple[str, ...]] | None:
    if pairs is None:
        return None
    found: dict[str, tuple[str, ...]] = {}
    for pair in pairs:
        pattern, colon, code = pair.rpartition(":")
        if not (pattern and colon and code):
            raise click.BadParameter(f"`{pair}` is not of the form `GLOB:CODE`", param_hint="'--per-file-ignores'")
        found[pattern] = (*found.get(pattern, ()), code)
    return found
