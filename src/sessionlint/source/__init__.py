"""Where things are: files, ranges, locations, and errors that carry a place. Knows nothing of sessions."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sessionlint.source.errors import SessionlintError
    from sessionlint.source.files import SourceFile, digest_of, is_test
    from sessionlint.source.places import Location, Range
else:
    from sessionlint.doors import door

    __getattr__ = door(
        __name__,
        {
            "errors": "SessionlintError",
            "files": "SourceFile digest_of is_test",
            "places": "Location Range",
        },
    )

__all__ = ["Location", "Range", "SessionlintError", "SourceFile", "digest_of", "is_test"]
