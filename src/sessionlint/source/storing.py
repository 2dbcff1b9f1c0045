"""What is kept between runs, as bytes. Not imported by the package itself. Entry point: `as_bytes`."""

from __future__ import annotations

import msgspec


def as_bytes(value: object) -> bytes | None:
    """A value as msgpack; None where that cannot be: a file may have a name that is no text, and what speaks of it is not kept then."""
    try:
        return msgspec.msgpack.encode(value)
    except UnicodeEncodeError:
        return None
