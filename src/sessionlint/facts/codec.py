"""Facts to bytes and back, with the number of their schema; msgpack, never pickle."""

from __future__ import annotations

import sys

import msgspec

from sessionlint import __version__
from sessionlint.facts.file import FileFacts

SCHEMA = 5
"""Raise it whenever the meaning or the form of a fact changes: every cache of older facts is then empty."""


def stamp() -> str:
    """What, besides its bytes, the facts of a file depend on."""
    return f"{__version__} {SCHEMA} {sys.version_info[0]}.{sys.version_info[1]}"


_encoder = msgspec.msgpack.Encoder()
_decoder = msgspec.msgpack.Decoder(FileFacts)


def encode(facts: FileFacts) -> bytes:
    """Facts as msgpack."""
    return _encoder.encode(facts)


def decode(data: bytes | memoryview) -> FileFacts:
    """Facts from msgpack; raises `ValueError` where the bytes are not facts of this schema."""
    try:
        return _decoder.decode(data)
    except msgspec.DecodeError as error:
        raise ValueError(str(error)) from error
