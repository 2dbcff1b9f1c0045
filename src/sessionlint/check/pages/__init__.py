"""What is to be read about a rule: its own page, taken apart, and where pages are."""

from sessionlint.check.pages.documentation import Documentation, Section, documentation
from sessionlint.check.pages.links import HOMEPAGE, error_page_of, url_of

__all__ = ["HOMEPAGE", "Documentation", "Section", "documentation", "error_page_of", "url_of"]
