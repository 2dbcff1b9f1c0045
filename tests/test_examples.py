"""The examples on the rules' pages: the wrong one gives exactly its finding on the marked line, the right one nothing.

What happens when they are run is `test_pages.py`'s question.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from sessionlint.check import Documentation, all_rules, documentation
from sessionlint.config import Options, load_settings
from sessionlint.pipeline import run
from tests.pages import Example, module_of

MARK = re.compile(r"# expect: ([A-Z0-9, ]+)")


def pages(part: str) -> list[object]:
    found = []
    for rule in all_rules():
        examples = getattr(documentation(rule), part)
        found += [pytest.param(rule.code, example, id=f"{rule.code}-{number}") for number, example in enumerate(examples, 1)]
    return found


def found_in(path: Path, code: str, example: Example) -> set[tuple[int, str]]:
    example.write(path)
    settings = load_settings([path], isolated=True, overrides=Options(cache=False, extend_select=(code,)))
    findings = run([path], settings, jobs=1).findings  # an application around the example is none of its own
    return {(finding.at.range.row, finding.code) for finding in findings if finding.at.range.row >= example.first}


@pytest.mark.parametrize(("code", "example"), pages("wrong"))
def test_the_wrong_example_is_reported_where_it_says(code: str, example: str, tmp_path: Path) -> None:
    module = module_of(code, example)
    marked = {(row, found.group(1).strip()) for row, line in enumerate(module.text.splitlines(), 1) if (found := MARK.search(line))}
    assert {found for _, found in marked} == {code}
    assert found_in(tmp_path / "example.py", code, module) == marked


@pytest.mark.parametrize(("code", "example"), pages("right"))
def test_the_right_example_is_silent(code: str, example: str, tmp_path: Path) -> None:
    assert MARK.search(example) is None
    assert found_in(tmp_path / "example.py", code, module_of(code, example)) == set()


@pytest.mark.parametrize("rule", [rule for rule in all_rules() if not rule.is_of_run], ids=lambda rule: rule.code)
def test_each_rule_has_a_wrong_and_a_right_example(rule: object) -> None:
    page: Documentation = documentation(rule)  # type: ignore[arg-type]
    assert (len(page.wrong), len(page.right)) == (1, 1)
