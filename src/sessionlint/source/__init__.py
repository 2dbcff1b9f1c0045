"""Where things are: files, ranges, locations, and errors that carry a place. Knows nothing of sessions."""

from sessionlint.source.errors import SessionlintError
from sessionlint.source.files import SourceFile, digest_of, is_test
from sessionlint.source.places import Location, Range

__all__ = ["Location", "Range", "SessionlintError", "SourceFile", "digest_of", "is_test"]
