"""Comments that silence findings: what takes codes out of them and what puts codes in."""

from sessionlint.rewrite.suppressing.adding import Added, suppress
from sessionlint.rewrite.suppressing.comments import is_alone, merged, with_text, without_codes, written

__all__ = ["Added", "is_alone", "merged", "suppress", "with_text", "without_codes", "written"]
