"""The file of a baseline: what is written can be read, and what nobody wrote so is refused with its place and the way out."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from sessionlint.baseline import Baseline, Entry, load, save
from sessionlint.check import Identity
from sessionlint.config import Settings
from sessionlint.source import SessionlintError
from tests.baseline.programs import baseline

NAME = "sessionlint-baseline.json"
TEXTS = {"app.py": "def page():\n    start()\n    session = acquire()\n    session.all()\n\n\ndef other():\n    return acquire()\n"}
ENTRY = '"SES101 app.py 0123456789abcdef": {"evidence": "acquire"},\n'
END = '"schema_version": 1\n}\n'
KEY = "SES101 app.py 0123456789abcdef"
MALFORMED = f":2: the entry `{KEY}` is malformed:"
CONFLICT = "{\n<<<<<<< HEAD\n" + ENTRY + "=======\n>>>>>>> other\n" + END
AGAIN = "`sessionlint baseline create --force` writes it anew"


def settings(root: Path) -> Settings:
    return Settings(root=root)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / NAME


def written(path: Path, *entries: Entry) -> Baseline:
    made = Baseline(path, NAME, entries)
    save(made)
    return made


def test_what_is_written_can_be_read(path: Path) -> None:
    made = written(path, *baseline(TEXTS).entries)
    assert set(load(path, settings(path.parent)).entries) == set(made.entries)
    assert len(made.entries) == 2


def test_an_entry_a_line_and_keys_sorted(path: Path) -> None:
    made = written(path, *baseline(TEXTS).entries)
    lines = path.read_text().splitlines()
    assert (lines[0], lines[-2:], len(lines)) == ("{", ['"schema_version": 1', "}"], 3 + len(made.entries))
    assert all(line.endswith("},") for line in lines[1:-2])
    table = json.loads(path.read_text())
    assert list(table) == sorted(table)
    assert all(list(value) == sorted(value) for value in table.values() if isinstance(value, dict))
    (row,) = [entry.row for entry in load(path, settings(path.parent)).entries if entry.identity.function == "page"]
    assert '"page"' in lines[row - 1]


def test_the_file_does_not_depend_on_the_order(path: Path) -> None:
    entries = baseline(TEXTS).entries
    written(path, *entries)
    first = path.read_bytes()
    written(path, *reversed(entries))
    assert path.read_bytes() == first


def test_equal_entries_are_all_kept(path: Path) -> None:
    (entry, _) = baseline(TEXTS).entries
    written(path, entry, entry, entry)
    assert load(path, settings(path.parent)).entries == (entry, entry, entry)


@pytest.mark.parametrize("text", ["a\x1b[31mb", "a\u202eb", "\udcff", "né", "a\u2028b", 'quo"te', "back\\slash", "a\nb"])
def test_any_text_comes_back_and_none_is_a_command(path: Path, text: str) -> None:
    entry = Entry(Identity(rule="SES101", path=f"{text}.py", statement=text), "0" * 16)
    written(path, entry)
    assert load(path, settings(path.parent)).entries == (entry,)
    assert all(line.isprintable() for line in path.read_text().splitlines())


def test_no_entry_at_all(path: Path) -> None:
    written(path)
    assert path.read_text() == '{\n"schema_version": 1\n}\n'
    assert load(path, settings(path.parent)).entries == ()


@pytest.mark.parametrize(
    "content", ["{\n" + ENTRY + END, "\ufeff{\r\n" + ENTRY.replace("\n", "\r\n") + END, json.dumps(json.loads("{" + ENTRY + END), indent=4)]
)
def test_other_layouts_can_be_read(path: Path, content: str) -> None:
    path.write_text(content, newline="")
    (entry,) = load(path, settings(path.parent)).entries
    assert (entry.row, entry.identity) == (2, Identity(rule="SES101", path="app.py", evidence="acquire"))


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (CONFLICT, ":2: a merge has left its markers (keep the lines of both sides, each once; their order does not matter)"),
        ("", f":1: not valid JSON: expecting value (mend the line, or {AGAIN})"),
        ("{\n" + ENTRY + ENTRY.replace(",\n", "\n") + END, f":4: not valid JSON: expecting ',' delimiter (mend the line, or {AGAIN})"),
        ("[]\n", f":1: a baseline is a JSON object ({AGAIN})"),
        ("{}\n", f":1: no `schema_version`: this is no baseline of sessionlint ({AGAIN})"),
        ('{\n"schema_version": 2\n}\n', ":2: `schema_version` 2 is not 1 (it is of a newer sessionlint, which can read it)"),
        ('{\n"schema_version": "1"\n}\n', f':2: `schema_version` "1" is not 1 ({AGAIN})'),
        ('{\n"schema_version": true\n}\n', f":2: `schema_version` true is not 1 ({AGAIN})"),
        ("{\n" + ENTRY + ENTRY + END, f":3: `{KEY}` stands there twice, first on line 2 (remove one of the two lines)"),
        (
            "{\n" + ENTRY + '"entries": {},\n' + END,
            f":3: unknown key `entries`: an entry's is a rule, a path and a fingerprint (remove the line, or {AGAIN})",
        ),
        ("{\n" + ENTRY.replace("evidence", "evidenec") + END, f"{MALFORMED} unknown key `evidenec` (remove the line, or {AGAIN})"),
        ("{\n" + ENTRY.replace('"acquire"', "3") + END, f"{MALFORMED} expected `str`, got `int` (remove the line, or {AGAIN})"),
        (
            "{\n" + ENTRY.replace('{"evidence": "acquire"}', "[]") + END,
            f"{MALFORMED} expected `object`, got `array` (remove the line, or {AGAIN})",
        ),
        ("[" * 100_000, f":1: not valid JSON: nested too deeply ({AGAIN})"),
    ],
)
def test_what_is_malformed_is_refused(path: Path, content: str, message: str) -> None:
    path.write_text(content)
    with pytest.raises(SessionlintError) as refused:
        load(path, settings(path.parent))
    assert str(refused.value) == NAME + message


def test_what_is_no_text_is_refused(path: Path) -> None:
    path.write_bytes(b"\xff\xfe{")
    with pytest.raises(SessionlintError, match="the baseline is not UTF-8"):
        load(path, settings(path.parent))
    path.unlink()
    path.mkdir()
    with pytest.raises(SessionlintError, match="the baseline cannot be read: Is a directory"):
        load(path, settings(path.parent))


def test_a_failure_leaves_what_there_was(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path.write_text("before")

    def refuse(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", refuse)
    with pytest.raises(SessionlintError, match="the baseline cannot be written: No space left on device"):
        written(path)
    assert (path.read_text(), [entry.name for entry in path.parent.iterdir()]) == ("before", [NAME])


def test_the_mode_and_a_link_stay(path: Path) -> None:
    target = path.parent / "target.json"
    target.write_text("before")
    target.chmod(0o640)
    path.symlink_to(target)
    written(path)
    assert (path.is_symlink(), target.stat().st_mode & 0o777, target.read_text()) == (True, 0o640, '{\n"schema_version": 1\n}\n')


def git(root: Path, *arguments: str) -> str:
    command = ["git", "-c", "user.name=A", "-c", "user.email=a@example.org", "-c", "init.defaultBranch=main", *arguments]
    return subprocess.run(command, cwd=root, check=True, capture_output=True, text=True, timeout=60).stdout


def in_file(name: str) -> tuple[Entry, ...]:
    return baseline({name: TEXTS["app.py"]}).entries


@pytest.mark.parametrize(
    ("there", "ours", "theirs"),
    [("m.py", "a.py", "z.py"), ("m.py", "z.py", "a.py"), ("a.py m.py", "b.py", "z.py"), ("a.py m.py", "z.py", "b.py")],
)
def test_what_two_branches_add_merges(path: Path, there: str, ours: str, theirs: str) -> None:
    root = path.parent
    known = [entry for name in there.split() for entry in in_file(name)]
    git(root, "init", "-q")
    written(path, *known)
    git(root, "add", ".")
    git(root, "commit", "-q", "-m", "baseline")
    git(root, "checkout", "-q", "-b", "other")
    written(path, *known, *in_file(theirs))
    git(root, "commit", "-q", "-a", "-m", "theirs")
    git(root, "checkout", "-q", "main")
    written(path, *known, *in_file(ours))
    git(root, "commit", "-q", "-a", "-m", "ours")
    git(root, "merge", "-q", "-m", "merge", "other")
    assert set(load(path, settings(root)).entries) == {*known, *in_file(theirs), *in_file(ours)}
