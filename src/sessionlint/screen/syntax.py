"""Whether a file that is not captured is at least Python, so that a syntax error in it does not go unnoticed."""

from __future__ import annotations

import ast
import warnings


def parses(content: bytes) -> bool:
    """Whether the running Python can parse the bytes. Where it cannot, a newer grammar may be the cause: capture decides."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            ast.parse(content)
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            return False
    return True
