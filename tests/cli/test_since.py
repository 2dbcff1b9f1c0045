"""`check --since`: what is on changed lines, and what a change elsewhere caused; nothing else, and nothing is written."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from sessionlint.config import load_settings
from sessionlint.pipeline import Against, recording, run
from tests.cli.conftest import Command
from tests.revision.repositories import Repository
from tests.revision.shop import LAZY, LEAK, MODELS, READERS


@pytest.fixture
def repository(project: Path) -> Repository:
    """A project with an old finding: a leak at leak.py:5."""
    made = Repository(project)
    made.write(models=MODELS, readers=READERS, leak=LEAK)
    made.commit()
    return made


@pytest.fixture
def found(project: Path) -> Callable[..., list[str]]:
    """The places and codes that are reported; without `since`, of everything."""

    def call(since: str = "", *names: str) -> list[str]:
        settings = load_settings([project])
        paths = [project / name for name in names] or [project]
        findings = run(paths, settings, against=Against(since) if since else None).findings
        return [f"{finding.at.file}:{finding.at.range.row} {finding.code}" for finding in findings]

    return call


Found = Callable[..., list[str]]


def changes(sessionlint: Command) -> list[dict[str, Any]]:
    """The steps of the first finding's story that say what changed."""
    done = sessionlint("check", "--since", "HEAD", "--output-format", "json")
    return [step for step in json.loads(done.stdout)[0]["related_locations"] if step["role"] == "change"]


def test_without_a_change_there_is_nothing(repository: Repository, found: Found) -> None:
    assert found() == ["leak.py:5 SES102"]
    assert found("HEAD") == []


def test_a_finding_on_a_changed_line(repository: Repository, found: Found) -> None:
    repository.write(leak=LEAK.replace("    session = SessionLocal()", "    session = SessionLocal(autoflush=False)"))
    assert found("HEAD") == ["leak.py:5 SES102"]


def test_a_line_elsewhere_does_not_bring_back_an_old_finding(repository: Repository, found: Found) -> None:
    repository.write(leak="import os\n\n" + LEAK.replace('"names"', '"other names"'))
    assert found() == ["leak.py:7 SES102"]
    assert found("HEAD") == []


def test_an_edit_of_a_model_is_told_of_its_readers(repository: Repository, found: Found, sessionlint: Command) -> None:
    repository.write(models=LAZY)
    assert found("HEAD") == ["readers.py:11 SES301"]
    (step,) = changes(sessionlint)
    assert (step["message"], step["filename"], step["location"]["row"]) == ("changed since HEAD", "models.py", 17)
    result = json.loads(sessionlint("check", "--since", "HEAD", "--output-format", "sarif").stdout)["runs"][0]["results"][0]
    assert result["relatedLocations"][-1]["message"]["text"] == "changed since HEAD"
    (flow,) = result["codeFlows"][0]["threadFlows"]
    assert [step["kinds"] for step in flow["locations"]][-1] == ["read"], "an edit is nothing that happens at run time"
    assert "models.py:17:1: changed since HEAD\n" in sessionlint("check", "--since", "HEAD").stdout
    assert found("HEAD", "leak.py", "models.py") == [], "PATHS choose what is reported"
    assert found("HEAD", "readers.py") == ["readers.py:11 SES301"]


def test_an_edit_of_the_factory_is_told_of_those_who_use_it(repository: Repository, sessionlint: Command) -> None:
    repository.write(
        models=MODELS.replace(", expire_on_commit=False", ""),
        readers=READERS.replace(
            "return session.get(User, key)", "user = session.get(User, key)\n        session.commit()\n        return user"
        ),
    )
    repository.commit()
    repository.write(models=MODELS, views="from readers import user_of\n\n\ndef name(key):\n    return user_of(key).name\n")
    assert sessionlint("check", "--since", "HEAD").returncode == 0
    repository.commit()
    repository.write(models=MODELS.replace(", expire_on_commit=False", ""))
    done = sessionlint("check", "--since", "HEAD", "--output-format", "json")
    by_place = {f"{Path(one['filename']).name}:{one['location']['row']} {one['code']}": one for one in json.loads(done.stdout)}
    assert set(by_place) == {"views.py:5 SES302", "readers.py:13 SES302"}
    for one in by_place.values():
        last = one["related_locations"][-1]
        assert (last["role"], Path(last["filename"]).name, last["location"]["row"]) == ("change", "models.py", 5)


def test_a_function_that_moved_takes_its_findings_along(repository: Repository, found: Found) -> None:
    other = "\n\ndef other():\n    return 1\n"
    repository.write(leak=LEAK + other)
    repository.commit()
    head, _, body = LEAK.partition("\n\n\n")
    repository.write(leak=head + "\n" + other + "\n\n" + body)
    assert found() == ["leak.py:9 SES102"]
    assert found("HEAD") == []
    repository.write(leak=other, elsewhere=LEAK)
    assert found("HEAD") == [], "into another file"
    repository.write(leak=LEAK)
    assert found("HEAD") == ["elsewhere.py:5 SES102"], "a copy is new"


def test_a_function_that_was_renamed_keeps_its_findings(repository: Repository, found: Found) -> None:
    repository.write(leak=LEAK.replace("def names", "def all_names"))
    assert found("HEAD") == []


def test_a_function_that_was_renamed_and_edited_keeps_what_it_had(repository: Repository, found: Found) -> None:
    renamed = LEAK.replace("def names", "def all_names").replace("    return", "    session.flush()\n    return")
    repository.write(leak=renamed)
    assert found("HEAD") == []
    repository.write(leak=renamed.replace("    return", "    more = SessionLocal()\n    more.flush()\n    return"))
    assert found("HEAD") == ["leak.py:7 SES102"]
    repository.write(leak=LEAK + renamed.partition("\n\n")[2])
    assert found("HEAD") == ["leak.py:9 SES102"], "a copy is new"


def test_one_mended_and_one_new_do_not_cancel_out(repository: Repository, found: Found) -> None:
    repository.write(leak=LEAK.replace("    return", "    session.flush()\n    other = SessionLocal()\n    other.flush()\n    return"))
    repository.commit()
    assert found() == ["leak.py:5 SES102", "leak.py:7 SES102"]
    repository.write(leak=LEAK.replace("    return", "    session.flush()\n    last = SessionLocal()\n    last.flush()\n    return"))
    assert found("HEAD") == ["leak.py:7 SES102"]


def test_an_equal_line_that_was_added_is_the_new_one(repository: Repository, found: Found) -> None:
    twice = LEAK.replace(
        "    session = SessionLocal()\n",
        "    if names:\n        session = SessionLocal()\n        session.flush()\n    session = SessionLocal()\n",
    )
    repository.write(leak=twice)
    assert found("HEAD") == ["leak.py:6 SES102"]


@pytest.mark.parametrize("staged", [False, True])
def test_a_renamed_file_keeps_its_findings(repository: Repository, found: Found, staged: bool) -> None:
    (repository.folder / "leak.py").rename(repository.folder / "renamed.py")
    if staged:
        repository.git("add", "--all")
    assert found("HEAD") == []
    repository.write(renamed=LEAK + LEAK.replace("names", "others"))
    if staged:
        repository.git("add", "--all")
    assert found("HEAD") == ["renamed.py:11 SES102"]


def test_what_is_not_in_the_index_belongs_to_the_new_side(repository: Repository, found: Found) -> None:
    repository.write(fresh=LEAK)
    assert found("HEAD") == ["fresh.py:5 SES102"]


def test_a_comment_that_is_gone_silences_no_more(repository: Repository, found: Found) -> None:
    silent = LEAK.replace("    session =", "    # sessionlint: ignore[SES102] -- known\n    session =")
    repository.write(leak=silent)
    repository.commit()
    assert found() == []
    repository.write(leak=LEAK)
    assert found("HEAD") == ["leak.py:5 SES102"]


def test_a_deletion_that_breaks_a_reader(repository: Repository, found: Found) -> None:
    repository.write(
        readers=READERS.replace("session.get(User, key)", "session.get(User, key, options=LOADED)").replace(
            "models import", "options import LOADED\nfrom models import"
        )
    )
    repository.write(
        models=LAZY, options="from sqlalchemy.orm import selectinload\nfrom models import User\nLOADED = [selectinload(User.orders)]\n"
    )
    repository.commit()
    assert found("HEAD") == []
    (repository.folder / "options.py").unlink()
    repository.write(readers=READERS)
    assert found("HEAD") == ["readers.py:11 SES301"]


def test_a_template_and_the_view_that_renders_it(repository: Repository, found: Found, sessionlint: Command) -> None:
    view = READERS.replace("[order.id for order in user.orders]", 'render_template("user.html", user=user)').replace(
        "from models", "from flask import render_template\n\nfrom models"
    )
    repository.write(models=LAZY, views=view, readers="")
    repository.file("templates/user.html", "<p>\n{{ user.name }}\n")
    repository.commit()
    assert found("HEAD") == []
    repository.file("templates/user.html", "<p>\n{{ user.name }}\n{{ user.orders }}\n")
    assert found("HEAD") == ["views.py:13 SES306"]
    step = changes(sessionlint)[-1]
    assert (Path(step["filename"]).as_posix(), step["location"]["row"]) == ("templates/user.html", 3)
    repository.commit()
    repository.write(models=MODELS.replace('"selectin"', '"noload"'))
    repository.commit()
    assert found("HEAD") == []
    repository.write(models=LAZY)
    assert found("HEAD") == ["views.py:13 SES306"]


# -- revisions, and the state of the repository -------------------------------------------------------------------------


def test_the_branch_since_it_began(repository: Repository, found: Found) -> None:
    repository.git("checkout", "--quiet", "-b", "feature")
    repository.commit()
    repository.git("checkout", "--quiet", "main")
    (repository.folder / "leak.py").unlink()
    repository.commit()
    repository.git("checkout", "--quiet", "feature")
    assert found("main") == ["leak.py:5 SES102"], "main has no such file"
    assert found("main...") == []


def test_a_dirty_repository_stays_as_it_is(repository: Repository, found: Found) -> None:
    repository.file(".gitignore", ".sessionlint_cache\n")
    repository.commit()
    repository.write(leak=LEAK.replace('"names"', '"staged"'))
    repository.git("add", "leak.py")
    repository.write(models=LAZY, fresh=LEAK)
    repository.git("stash", "list")
    before = repository.state()
    assert found("HEAD") == ["fresh.py:5 SES102", "readers.py:11 SES301"]
    assert repository.state() == before
    assert repository.git("worktree", "list").count("\n") == 1


def test_the_cache_knows_both_sides(repository: Repository, sessionlint: Command) -> None:
    repository.write(models=LAZY)
    sessionlint("check", "--since", "HEAD")
    again = sessionlint("check", "--since", "HEAD", "--verbose")
    assert ": 0 parsed, " in again.stderr


def test_a_revision_is_analysed_once(repository: Repository, found: Found, monkeypatch: pytest.MonkeyPatch) -> None:
    calls = []
    real = recording.analysed
    monkeypatch.setattr(recording, "analysed", lambda *given, **named: calls.append(given) or real(*given, **named))
    repository.write(models=LAZY)
    assert found("HEAD") == ["readers.py:11 SES301"]
    assert found() == ["leak.py:5 SES102", "readers.py:11 SES301"], "a run that forgets what it does not need"
    repository.write(leak=LEAK + LEAK.replace("names", "others"))
    assert found("HEAD") == ["leak.py:11 SES102", "readers.py:11 SES301"]
    assert len(calls) == 1
    repository.commit()
    repository.write(models=MODELS)
    assert found("HEAD") == []
    assert len(calls) == 2
    (kept,) = (repository.folder / ".sessionlint_cache").glob("*/earlier")
    for path in kept.iterdir():
        path.write_bytes(path.read_bytes()[:-1])
    assert found("HEAD") == []
    assert len(calls) == 3, "what is damaged is not there"


def test_layout_is_no_change(repository: Repository, found: Found) -> None:
    repository.write(
        leak=LEAK.replace("    session = SessionLocal()", "    session = (  # opened\n        SessionLocal(\n        )\n    )")
    )
    assert found("HEAD") == []


def test_revisions_that_there_are_not(repository: Repository, sessionlint: Command) -> None:
    done = sessionlint("check", "--since", "origin/main...")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("sessionlint: error: unknown revision `origin/main` (`git log` lists those that there are)\n")
    assert sessionlint("check", "--since", "").returncode == 2


def test_no_repository(sessionlint: Command, project: Path) -> None:
    done = sessionlint("check", "--since", "HEAD")
    assert (done.returncode, done.stdout) == (2, "")
    assert "is in no git repository, so that there is no revision to compare with" in done.stderr


def test_standard_input_has_no_revision(repository: Repository, sessionlint: Command) -> None:
    done = sessionlint("check", "--since", "HEAD", "-", input=LEAK)
    assert (done.returncode, done.stdout) == (2, "")
    assert "`--since` compares files, and cannot be combined with standard input" in done.stderr


def test_fixes_are_made_of_what_is_reported(repository: Repository, sessionlint: Command) -> None:
    get = READERS.replace("session.get(User, key)", "session.query(User).get(key)")
    repository.write(old=get)
    repository.commit()
    repository.write(fresh=get)
    done = sessionlint("check", "--since", "HEAD", "--select", "SES406", "--fix", "--unsafe-fixes")
    assert done.returncode == 0, done.stdout
    assert "session.get(User, key)" in (repository.folder / "fresh.py").read_text()
    assert (repository.folder / "old.py").read_text() == get
    assert done.stdout == "Found 1 error (1 fixed, 0 remaining).\n"


@pytest.mark.parametrize("option", ["--statistics", "--exit-zero", "--diff", "--quiet"])
def test_options_beside_it(repository: Repository, sessionlint: Command, option: str) -> None:
    done: subprocess.CompletedProcess[str] = sessionlint("check", "--since", "HEAD", option)
    assert (done.returncode, done.stdout.replace("All checks passed!\n", "")) == (0, "")
