"""What is kept between runs, and what a damaged file does: nothing."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

import pytest

import sessionlint.cache.store as store
from sessionlint import __version__
from sessionlint.cache import open_cache, open_results
from sessionlint.cache.results import KEPT
from sessionlint.facts import FileError, FileFacts, codec, encode
from sessionlint.source import Range, SessionlintError

FACTS = FileFacts((), (), (), FileError("syntax", "x", Range(1, 2, 3, 4)))
OTHER = FileFacts((), (), (), None)


def filled(root: Path) -> Path:
    cache = open_cache(root, ".cache", enabled=True)
    cache.add("a", encode(FACTS))
    cache.add("b", encode(OTHER))
    cache.add_parsing("c")
    cache.save(prune=True)
    return root / ".cache" / __version__ / store.FILE_NAME


def test_facts_come_back(tmp_path: Path) -> None:
    filled(tmp_path)
    cache = open_cache(tmp_path, ".cache", enabled=True)
    assert (cache.get("a"), cache.get("b"), cache.get("c"), cache.get("d")) == (FACTS, OTHER, None, None)
    assert [cache.is_known_to_parse(digest) for digest in "abcd"] == [False, False, True, False]


def test_facts_are_there_before_they_are_saved(tmp_path: Path) -> None:
    cache = open_cache(tmp_path, ".cache", enabled=True)
    cache.add("a", encode(FACTS))
    assert cache.get("a") == FACTS


def test_the_directory_says_what_it_is(tmp_path: Path) -> None:
    filled(tmp_path)
    assert (tmp_path / ".cache" / "CACHEDIR.TAG").read_text().startswith("Signature: 8a477f597d28d172789f06886806bc55\n")
    assert (tmp_path / ".cache" / ".gitignore").read_text() == "*\n"
    assert sorted(path.name for path in (tmp_path / ".cache").iterdir()) == [".gitignore", __version__, "CACHEDIR.TAG"]
    assert [path.name for path in (tmp_path / ".cache" / __version__).iterdir()] == ["facts.bin"]


def test_pruning_drops_what_was_not_needed(tmp_path: Path) -> None:
    filled(tmp_path)
    cache = open_cache(tmp_path, ".cache", enabled=True)
    cache.get("a")
    cache.save(prune=False)
    assert open_cache(tmp_path, ".cache", enabled=True).get("b") == OTHER
    cache.save(prune=True)
    assert open_cache(tmp_path, ".cache", enabled=True).get("b") is None
    assert open_cache(tmp_path, ".cache", enabled=True).get("a") == FACTS


def test_what_is_new_after_an_edit_is_written_beside_the_rest(tmp_path: Path) -> None:
    def files() -> dict[str, int]:
        return {path.name: path.stat().st_ino for path in (tmp_path / ".cache" / __version__).iterdir()}

    def run(*digests: str) -> list[str]:
        """A run over a project with these contents; which of them were known."""
        cache = open_cache(tmp_path, ".cache", enabled=True)
        known = [digest for digest in digests if cache.get(digest) is not None]
        for digest in digests:
            if digest not in known:
                cache.add(digest, encode(FACTS))
        cache.save(prune=True)
        return known

    others = [str(number) for number in range(60)]
    assert run(*others, "a") == []
    first = files()
    assert run(*others, "b") == others
    second = files()
    assert sorted(second) == ["facts.bin", "recent.bin"]
    assert second["facts.bin"] == first["facts.bin"]
    assert run(*others, "b") == [*others, "b"]
    assert files() == second
    assert run(*others, "a") == [*others, "a"]  # an edit that is taken back
    assert files() == second
    assert run(*others, "c") == others
    assert files()["facts.bin"] == first["facts.bin"]
    assert run(*others, "b") == others  # what is recent and not needed goes with the next edit
    assert run(*others[:50], *"defghijk") == others[:50]
    assert sorted(files()) == ["facts.bin"]
    assert run(*others[:50], *"defghijk") == [*others[:50], *"defghijk"]


def test_damage_to_what_is_recent_spares_the_rest(tmp_path: Path) -> None:
    filled(tmp_path)
    cache = open_cache(tmp_path, ".cache", enabled=True)
    for number in range(60):
        cache.add(str(number), encode(FACTS))
    cache.save(prune=False)
    cache = open_cache(tmp_path, ".cache", enabled=True)
    cache.add("new", encode(OTHER))
    cache.save(prune=False)
    path = tmp_path / ".cache" / __version__ / store.RECENT_NAME
    data = path.read_bytes()
    for length in range(len(data)):
        path.write_bytes(data[:length])
        cache = open_cache(tmp_path, ".cache", enabled=True)
        assert (cache.get("new"), cache.get("a")) == (None, FACTS)
    path.write_bytes(data)
    assert open_cache(tmp_path, ".cache", enabled=True).get("new") == OTHER


def test_nothing_new_writes_nothing(tmp_path: Path) -> None:
    path = filled(tmp_path)
    before = path.stat().st_ino
    cache = open_cache(tmp_path, ".cache", enabled=True)
    assert cache.get("a")
    assert cache.get("b")
    assert cache.is_known_to_parse("c")
    cache.save(prune=True)
    assert path.stat().st_ino == before


def test_every_truncation_is_survived(tmp_path: Path) -> None:
    path = filled(tmp_path)
    data = path.read_bytes()
    for length in range(len(data)):
        path.write_bytes(data[:length])
        cache = open_cache(tmp_path, ".cache", enabled=True)
        assert cache.get("b") is None or (cache.get("b") == OTHER and cache.get("a") == FACTS)


def test_every_flipped_byte_is_survived(tmp_path: Path) -> None:
    path = filled(tmp_path)
    data = path.read_bytes()
    for position in range(len(data)):
        path.write_bytes(data[:position] + bytes([data[position] ^ 0x55]) + data[position + 1 :])
        cache = open_cache(tmp_path, ".cache", enabled=True)
        assert [found for found in (cache.get("a"), cache.get("b")) if found not in (None, FACTS, OTHER)] == []


def test_another_version_counts_as_empty(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    filled(tmp_path)
    monkeypatch.setattr(codec, "SCHEMA", codec.SCHEMA + 1)
    assert open_cache(tmp_path, ".cache", enabled=True).get("a") is None


def test_a_disabled_cache_keeps_nothing(tmp_path: Path) -> None:
    cache = open_cache(tmp_path, ".cache", enabled=False)
    cache.add("a", encode(FACTS))
    cache.save(prune=True)
    assert cache.get("a") is None
    assert list(tmp_path.iterdir()) == []


def test_where_nothing_can_be_written_nothing_is_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(tempfile, "mkstemp", refuse)
    assert not filled(tmp_path).exists()


def test_a_failed_write_leaves_the_old_file_and_no_other(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = filled(tmp_path)
    before = path.read_bytes()

    def refuse(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", refuse)
    cache = open_cache(tmp_path, ".cache", enabled=True)
    cache.add("e", encode(FACTS))
    cache.save(prune=False)
    assert path.read_bytes() == before
    assert os.listdir(path.parent) == [store.FILE_NAME]


def test_a_file_where_the_directory_should_be(tmp_path: Path) -> None:
    (tmp_path / ".cache").touch()
    with pytest.raises(SessionlintError, match="is a file"):
        open_cache(tmp_path, ".cache", enabled=True)


def test_results_come_back_and_the_oldest_go(tmp_path: Path) -> None:
    results = open_results(tmp_path, ".cache", "earlier", enabled=True)
    for number in range(KEPT):
        results.put(str(number), bytes([number]))
        os.utime(tmp_path / ".cache" / __version__ / "earlier" / str(number), (number, number))
    assert results.get("0") == b"\0"
    results.put("new", b"")
    assert [results.get(key) for key in ("0", "1", "2", "new", "never")] == [b"\0", None, b"\2", b"", None]
    (tmp_path / ".cache" / __version__ / "earlier" / "2").write_bytes(b"")
    (tmp_path / ".cache" / __version__ / "earlier" / "3").write_bytes(b"1234other")
    assert (results.get("2"), results.get("3")) == (None, None)
    assert open_results(tmp_path, ".cache", "earlier", enabled=False).get("0") is None
