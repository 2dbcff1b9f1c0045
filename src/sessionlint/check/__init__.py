"""Program and events in, findings out: which rules there are, which run where, and what is silenced."""

from sessionlint.check.checking import Assessed, assess, check
from sessionlint.check.documentation import Documentation, Section, documentation
from sessionlint.check.finding import Applicability, Edit, Finding, Fix, RelatedLocation
from sessionlint.check.fingerprint import fingerprints
from sessionlint.check.links import HOMEPAGE, error_page_of, url_of
from sessionlint.check.registry import all_rules, asked_in_vain, reserved, rule_of
from sessionlint.check.rule import Rule
from sessionlint.check.selection import selected

__all__ = [
    "HOMEPAGE",
    "Applicability",
    "Assessed",
    "Documentation",
    "Edit",
    "Finding",
    "Fix",
    "RelatedLocation",
    "Rule",
    "Section",
    "all_rules",
    "asked_in_vain",
    "assess",
    "check",
    "documentation",
    "error_page_of",
    "fingerprints",
    "reserved",
    "rule_of",
    "selected",
    "url_of",
]
