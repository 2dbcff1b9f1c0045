"""Facts to bytes and back: the same facts, whatever they hold."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from sessionlint.capture import capture
from sessionlint.facts import FileFacts, decode, encode

ROOT = Path(__file__).parents[2]
CORPUS = [ROOT / "src", ROOT / "fixtures", ROOT.parent / "shared/cases", ROOT.parent / "shared/codemods"]


@pytest.mark.parametrize("folder", [pytest.param(folder, id=folder.name) for folder in CORPUS])
def test_round_trip(folder: Path) -> None:
    paths = sorted(folder.rglob("*.py"))
    if not paths:
        pytest.skip(f"there is no {folder.name} beside this checkout")
    for path in paths:
        facts = capture(path.read_bytes())
        assert facts.error is None, path
        assert decode(encode(facts)) == facts, path


def test_round_trip_of_an_error() -> None:
    facts = capture(b"x = (")
    assert facts.error is not None
    assert decode(encode(facts)) == facts


@pytest.mark.parametrize(
    "data", [b"", b"\xc1", b"\x90", encode(FileFacts((), (), (), None))[:-1], encode(FileFacts((), (), (), None)) + b"\0"]
)
def test_other_bytes_are_refused(data: bytes) -> None:
    with pytest.raises(ValueError, match=r"."):
        decode(data)


def test_bodies_are_decoded_when_they_are_asked_for() -> None:
    facts = capture(b"def f():\n    return g()\n\ndef h():\n    return 1\n")
    found = decode(encode(facts))
    assert [isinstance(function.code, msgspec.Raw) for function in found.functions] == [True, True, True]
    assert found.functions[1].body == facts.functions[1].body
    assert [isinstance(function.code, msgspec.Raw) for function in found.functions] == [True, False, True]
    assert encode(found) == encode(facts)
    assert hash(found.functions[2]) == hash(facts.functions[2])
    assert found.functions[1] != facts.functions[2]
    assert found.functions[1] != "f"
