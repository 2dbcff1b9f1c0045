"""Where findings point for more: our pages and SQLAlchemy's."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest

from sessionlint.check import HOMEPAGE, Rule, all_rules, documentation, error_page_of, url_of

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

ROOT = Path(__file__).parents[2]
ERROR_PAGE = re.compile(r"https://sqlalche\.me/e/20/\w{4}")


def test_the_homepage_is_the_packages() -> None:
    urls = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["urls"]
    assert urls["Homepage"] == HOMEPAGE
    assert all(url.startswith(HOMEPAGE) for url in urls.values())


def test_the_page_of_a_rule() -> None:
    assert url_of("SES301") == f"{HOMEPAGE}/blob/main/docs/rules/SES301.md"


@pytest.mark.parametrize(
    ("code", "page"),
    [
        ("SES301", "https://sqlalche.me/e/20/bhk3"),
        ("SES303", "https://sqlalche.me/e/20/xd2s"),
        ("SES105", "https://sqlalche.me/e/20/7s2a"),
        ("SES206", "https://sqlalche.me/e/20/isce"),
        ("SES102", "https://sqlalche.me/e/20/3o7r"),
        ("SES304", None),
        ("SES001", None),
    ],
)
def test_sqlalchemys_page_about_the_error(code: str, page: str | None) -> None:
    assert error_page_of(code) == page


@pytest.mark.parametrize("rule", all_rules(), ids=lambda rule: rule.code)
def test_the_first_error_page_that_a_rules_page_links_to_is_this_one(rule: Rule) -> None:
    references = next((section.text for section in documentation(rule).sections if section.title == "References"), "")
    linked = ERROR_PAGE.findall(references)
    assert (linked[0] if linked else None) == error_page_of(rule.code)
