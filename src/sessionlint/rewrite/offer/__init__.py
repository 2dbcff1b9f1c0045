"""What `check` says of fixes: which there are, as ranges and texts, and why there is none."""

from sessionlint.rewrite.offer.offering import offered

__all__ = ["offered"]
