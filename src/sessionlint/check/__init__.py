"""Program and events in, findings out: which rules there are, which run where, and what is silenced."""

from sessionlint.check.catalogue import GROUPS
from sessionlint.check.checking import INTERNAL_ERROR, Assessed, Checked, Suppressed, assess, check, checked
from sessionlint.check.finding import NO_CODEMOD, Applicability, Edit, Finding, Fix, FixRefused, RelatedLocation
from sessionlint.check.fingerprint import fingerprinted
from sessionlint.check.identity import Identified, Identity, identified
from sessionlint.check.pages import HOMEPAGE, Documentation, Section, documentation, error_page_of, url_of
from sessionlint.check.registry import all_rules, asked_in_vain, reserved, rule_of, rules_called
from sessionlint.check.rule import Rule
from sessionlint.check.selection import Fixability, PerFileIgnores, selected
from sessionlint.check.silencing import meant

__all__ = [
    "GROUPS",
    "HOMEPAGE",
    "INTERNAL_ERROR",
    "NO_CODEMOD",
    "Applicability",
    "Assessed",
    "Checked",
    "Documentation",
    "Edit",
    "Finding",
    "Fix",
    "FixRefused",
    "Fixability",
    "Identified",
    "Identity",
    "PerFileIgnores",
    "RelatedLocation",
    "Rule",
    "Section",
    "Suppressed",
    "all_rules",
    "asked_in_vain",
    "assess",
    "check",
    "checked",
    "documentation",
    "error_page_of",
    "fingerprinted",
    "identified",
    "meant",
    "reserved",
    "rule_of",
    "rules_called",
    "selected",
    "url_of",
]
