"""The codes of the catalogue, whether they have a rule yet or not: a code that is to come keeps its name, so that a configuration or a
comment may name it already. Which ones have none, `registry` knows."""

from __future__ import annotations

CATALOGUE: dict[str, str] = {
    "SES001": "syntax-error",
    "SES002": "unused-suppression",
    "SES003": "invalid-suppression",
    "SES004": "stale-baseline-entry",
    "SES005": "unreadable-file",
    "SES009": "internal-error",
    "SES101": "direct-session-acquisition",
    "SES102": "session-leak",
    "SES103": "session-used-after-close",
    "SES104": "shared-session",
    "SES105": "missing-rollback",
    "SES106": "session-escapes-scope",
    "SES107": "nested-session-scope",
    "SES108": "redundant-session-call",
    "SES109": "session-held-while-waiting",
    "SES201": "session-in-session-state",
    "SES202": "instance-in-session-state",
    "SES203": "session-read-from-session-state",
    "SES204": "identity-from-session-state",
    "SES205": "session-in-cache",
    "SES206": "session-crosses-thread",
    "SES301": "detached-lazy-load",
    "SES302": "detached-expired-attribute",
    "SES303": "async-lazy-load",
    "SES304": "lazy-load-in-loop",
    "SES305": "raise-on-lazy-access",
    "SES306": "detached-template-context",
    "SES307": "detached-serialization",
    "SES308": "cross-session-use",
    "SES309": "detached-user-loader",
    "SES310": "merge-result-discarded",
    "SES401": "unsafe-repr-relationship",
    "SES402": "unsafe-repr-column",
    "SES403": "dataclass-repr-relationship",
    "SES404": "unsafe-model-accessor",
    "SES405": "python-only-hybrid",
    "SES406": "legacy-query-get",
    "SES501": "missing-session-teardown",
    "SES502": "dependency-without-cleanup",
    "SES503": "template-lazy-attribute",
    "SES504": "view-without-session-context",
    "SES505": "unhandled-detached-error",
}
"""Every code that is taken, and its name. Neither ever changes its meaning."""

GROUPS: dict[str, str] = {
    "SES0": "The run itself",
    "SES1": "Lifecycle: how a session is opened, scoped and closed",
    "SES2": "Storage: sessions and instances kept where they outlive their scope",
    "SES3": "Loading: reading what is no longer there",
    "SES4": "Models: mapped classes that cannot stand being detached",
    "SES5": "Frameworks: the lifecycle the application should have",
}
"""What the rules of a prefix are about."""
