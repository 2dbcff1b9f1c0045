"""What is to be read about a rule: its own page, taken apart, and where pages are."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sessionlint.check.pages.docstring import Documentation, Section, documentation
    from sessionlint.check.pages.links import HOMEPAGE, error_page_of, url_of
else:
    from sessionlint.doors import door

    __getattr__ = door(
        __name__,
        {
            "docstring": "Documentation Section documentation",
            "links": "HOMEPAGE error_page_of url_of",
        },
    )

__all__ = ["HOMEPAGE", "Documentation", "Section", "documentation", "error_page_of", "url_of"]
