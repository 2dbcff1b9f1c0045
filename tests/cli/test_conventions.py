"""The options of `check` and the formats are those that users of ruff know, under ruff's names, and our own beside them."""

from __future__ import annotations

import click
import pytest

from sessionlint.cli.check import check
from sessionlint.report import formats

RUFF = """
    --fix --no-fix --unsafe-fixes --no-unsafe-fixes --show-fixes --no-show-fixes --diff --fix-only --no-fix-only --watch/-w --output-format
    --output-file/-o --select --ignore --extend-select --per-file-ignores --fixable --unfixable --extend-fixable --exclude --extend-exclude
    --respect-gitignore --no-respect-gitignore --force-exclude --no-force-exclude --no-cache/-n --cache-dir --stdin-filename --exit-zero/-e
    --exit-non-zero-on-fix --statistics --add-noqa --add-ignore --show-files --show-settings --config --isolated --verbose/-v --quiet/-q
    --silent/-s --color
""".split()
OURS = "--include-baselined --affected --no-affected --baseline --no-baseline --executor --jobs/-j --since --staged".split()
NOT_YET: set[str] = set()
"""What is agreed and not there. An option that is built leaves this list."""

FORMATS = "full concise grouped json json-lines sarif github gitlab junit pylint rdjson azure html markdown csv report".split()
VARIABLES = {
    "output_format": "SESSIONLINT_OUTPUT_FORMAT",
    "output_file": "SESSIONLINT_OUTPUT_FILE",
    "cache_dir": "SESSIONLINT_CACHE_DIR",
    "executor": "SESSIONLINT_EXECUTOR",
    "no_cache": "SESSIONLINT_NO_CACHE",
}


def options() -> set[str]:
    """All options as in the lists above: long and short name in one word, `--no-` forms in words of their own."""
    found = set()
    for parameter in check.params:
        if isinstance(parameter, click.Option):
            found.add("/".join(sorted(parameter.opts, key=len, reverse=True)))
            found |= set(parameter.secondary_opts)
    return found


def test_the_options() -> None:
    assert set(RUFF) - options() == NOT_YET
    assert options() - set(RUFF) == set(OURS)


def test_the_formats() -> None:
    assert set(formats()) == set(FORMATS)


@pytest.mark.parametrize(("name", "variable"), VARIABLES.items())
def test_the_environment(name: str, variable: str) -> None:
    (option,) = (parameter for parameter in check.params if parameter.name == name)
    assert option.envvar == variable
