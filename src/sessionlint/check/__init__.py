"""Program and events in, findings out: which rules there are, which run where, and what is silenced."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sessionlint.check.catalogue import GROUPS
    from sessionlint.check.checking import Assessed, assess, check, checked, checked_everywhere
    from sessionlint.check.finding import NO_CODEMOD, Applicability, Edit, Finding, Fix, FixRefused, RelatedLocation
    from sessionlint.check.fingerprint import fingerprinted
    from sessionlint.check.found import INTERNAL_ERROR, Checked, Suppressed
    from sessionlint.check.identity import Identified, Identity, identified
    from sessionlint.check.pages import HOMEPAGE, Documentation, Section, documentation, error_page_of, url_of
    from sessionlint.check.registry import all_rules, asked_in_vain, reserved, rule_of, rules_called
    from sessionlint.check.rule import Rule
    from sessionlint.check.selection import Fixability, PerFileIgnores, check_codes, is_selected, selected
    from sessionlint.check.silencing import meant
else:
    from sessionlint.doors import door

    __getattr__ = door(
        __name__,
        {
            "catalogue": "GROUPS",
            "checking": "Assessed assess check checked checked_everywhere",
            "finding": "NO_CODEMOD Applicability Edit Finding Fix FixRefused RelatedLocation",
            "fingerprint": "fingerprinted",
            "found": "INTERNAL_ERROR Checked Suppressed",
            "identity": "Identified Identity identified",
            "pages": "HOMEPAGE Documentation Section documentation error_page_of url_of",
            "registry": "all_rules asked_in_vain reserved rule_of rules_called",
            "rule": "Rule",
            "selection": "Fixability PerFileIgnores check_codes is_selected selected",
            "silencing": "meant",
        },
    )

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
    "check_codes",
    "checked",
    "checked_everywhere",
    "documentation",
    "error_page_of",
    "fingerprinted",
    "identified",
    "is_selected",
    "meant",
    "reserved",
    "rule_of",
    "rules_called",
    "selected",
    "url_of",
]
