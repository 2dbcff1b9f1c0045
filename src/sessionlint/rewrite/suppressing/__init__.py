"""Comments that silence findings: what takes codes out of them and what puts codes in."""

from sessionlint.rewrite.suppressing.comments import is_alone, merged, with_text, without_codes, written

__all__ = ["is_alone", "merged", "with_text", "without_codes", "written"]
