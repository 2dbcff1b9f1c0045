"""Where to read on: the page of a rule, and SQLAlchemy's page about the error that it prevents. Entry points: `url_of`, `error_page_of`."""

from __future__ import annotations

HOMEPAGE = "https://github.com/sessionlint/sessionlint"
"""The project's address, as in `[project.urls]`."""

RULE_PAGES = f"{HOMEPAGE}/blob/main/docs/rules"

_ERROR_PAGES = "https://sqlalche.me/e/20"
_ERRORS = {
    "3o7r": "SES101 SES102 SES106 SES109 SES501 SES502",
    "7s2a": "SES105",
    "isce": "SES104 SES201 SES206",
    "bhk3": "SES202 SES301 SES302 SES306 SES307 SES309 SES401 SES402 SES403 SES404 SES503 SES505",
    "xd2s": "SES303",
    "b8d9": "SES406",
}
"""SQLAlchemy's codes of errors (https://docs.sqlalchemy.org/en/20/errors.html) → the rules that prevent them."""
_ERROR_OF = {code: error for error, codes in _ERRORS.items() for code in codes.split()}


def url_of(code: str) -> str:
    """The page of a rule."""
    return f"{RULE_PAGES}/{code}.md"


def error_page_of(code: str) -> str | None:
    """SQLAlchemy's page about the error that a rule's finding leads to; None where there is no such page."""
    error = _ERROR_OF.get(code)
    return f"{_ERROR_PAGES}/{error}" if error else None
