"""`check --affected`: the files that are named, and what they brought about elsewhere; the same however pre-commit splits the names."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from sessionlint.config import load_settings
from sessionlint.pipeline import Against, run
from tests.cli.conftest import Command
from tests.revision.repositories import Repository
from tests.revision.shop import LAZY, LEAK, MODELS, READERS

ALSO = READERS.replace("user_of", "the_user").replace("numbers", "digits")


@pytest.fixture
def repository(project: Path) -> Repository:
    """A project with an old leak in two files, and two readers of what the models load."""
    made = Repository(project)
    made.write(models=MODELS, readers=READERS, leak=LEAK, old=LEAK, also=ALSO)
    made.commit()
    return made


def found(project: Path, *names: str, since: str = "") -> set[str]:
    done = run([project / name for name in names], load_settings([project]), against=Against(since, affected=True))
    return {f"{finding.at.file}:{finding.at.range.row} {finding.code}" for finding in done.findings}


def test_the_file_itself_and_those_who_read_it(repository: Repository) -> None:
    repository.write(models=LAZY)
    assert found(repository.folder, "models.py") == {"readers.py:11 SES301", "also.py:11 SES301"}
    assert found(repository.folder, "leak.py") == {"leak.py:5 SES102"}
    assert found(repository.folder, "readers.py") == {"readers.py:11 SES301"}, "not what the models brought to others"


def test_files_that_are_as_they_were_brought_nothing(repository: Repository) -> None:
    assert found(repository.folder, "models.py", "leak.py") == {"leak.py:5 SES102"}


def test_new_is_what_is_new_since_the_last_commit_or_the_revision(repository: Repository) -> None:
    first = repository.git("rev-parse", "HEAD").strip()
    repository.write(models=LAZY)
    repository.commit()
    assert found(repository.folder, "models.py") == set()
    assert found(repository.folder, "models.py", "leak.py", since=first) == {"readers.py:11 SES301", "also.py:11 SES301"}


def test_a_caller_that_breaks_what_it_calls(repository: Repository) -> None:
    repository.write(models=LAZY, readers="def show(user):\n    return user.orders\n")
    repository.commit()
    repository.write(
        also=ALSO.replace("[order.id for order in user.orders]", "show(user)").replace(
            "from models", "from readers import show\nfrom models"
        )
    )
    assert found(repository.folder, "also.py") == {"readers.py:2 SES301"}
    assert found(repository.folder, "leak.py") == {"leak.py:5 SES102"}


def test_without_a_commit_or_a_repository_there_are_only_the_files(project: Path) -> None:
    for name, text in {"models": LAZY, "readers": READERS, "leak": LEAK}.items():
        (project / f"{name}.py").write_text(text)
    assert found(project, "leak.py", "models.py") == {"leak.py:5 SES102"}
    Repository(project)
    assert found(project, "leak.py", "models.py") == {"leak.py:5 SES102"}


def partitions(names: Sequence[str], parts: int) -> Iterator[list[list[str]]]:
    """Every way to split names into so many lists that are not empty; which list is first does not matter."""
    for labels in itertools.product(range(parts), repeat=len(names)):
        split = [[name for name, label in zip(names, labels, strict=True) if label == part] for part in range(parts)]
        if all(split) and [names.index(part[0]) for part in split] == sorted(names.index(part[0]) for part in split):
            yield split


def test_however_the_names_are_split_it_is_the_same(repository: Repository) -> None:
    loader = READERS.partition("\n\n\ndef numbers")[0] + "\n"
    repository.write(loader=loader, page="from loader import user_of\n\n\ndef page(key):\n    return user_of(key).orders\n")
    repository.commit()
    repository.write(
        models=LAZY,
        leak=LEAK + LEAK.replace("names", "others"),
        loader=loader.replace(
            "return session.get(User, key)", "user = session.get(User, key)\n        session.expire(user)\n        return user"
        ),
        also=ALSO + "\n\nX = 1\n",
    )
    names = ["models.py", "leak.py", "loader.py", "also.py"]
    together = found(repository.folder, *names)
    assert together == {"leak.py:5 SES102", "leak.py:11 SES102", "readers.py:11 SES301", "also.py:11 SES301", "page.py:5 SES302"}
    splits = [split for parts in (2, 3) for split in partitions(names, parts)]
    assert len(splits) == 7 + 6
    for split in splits:
        assert set.union(*(found(repository.folder, *part) for part in split)) == together, split


def test_it_is_on_under_pre_commit_and_can_be_switched_off(repository: Repository, sessionlint: Command) -> None:
    repository.write(models=LAZY)
    check = ["check", "--force-exclude", "--output-format", "concise"]
    hook = {"PRE_COMMIT": "1"}
    assert sessionlint(*check, "models.py").returncode == 0
    done = sessionlint(*check, "models.py", environment=hook)
    assert done.returncode == 1
    assert [line.partition(" ")[0] for line in done.stdout.splitlines()[:2]] == ["also.py:11:40:", "readers.py:11:40:"]
    assert sessionlint(*check, "--no-affected", "models.py", environment=hook).returncode == 0
    assert sessionlint(*check, "models.py", environment={**hook, "SESSIONLINT_AFFECTED": "0"}).returncode == 0
    assert sessionlint(*check, "models.py", environment={"SESSIONLINT_AFFECTED": "1"}).returncode == 1


def test_standard_input(repository: Repository, sessionlint: Command) -> None:
    done = sessionlint("check", "--affected", "-", input=LEAK)
    assert (done.returncode, done.stdout) == (2, "")
    assert "`--affected` compares files, and cannot be combined with standard input" in done.stderr
    assert sessionlint("check", "-", input=LEAK, environment={"PRE_COMMIT": "1", "SESSIONLINT_AFFECTED": "1"}).returncode == 1


# -- the index ----------------------------------------------------------------------------------------------------------


def staged(project: Path, *names: str, since: str = "", affected: bool = False) -> set[str]:
    paths = [project / name for name in names] or [project]
    done = run(paths, load_settings([project]), against=Against(since, affected, staged=True))
    return {f"{finding.at.file}:{finding.at.range.row} {finding.code}" for finding in done.findings}


def test_the_index_counts_and_not_the_disk(repository: Repository) -> None:
    repository.write(leak=LEAK + LEAK.replace("names", "others"), fresh=LEAK, forgotten=LEAK)
    repository.git("add", "leak.py", "fresh.py")
    repository.write(leak="", models=LAZY)
    (repository.folder / "fresh.py").unlink()
    before = repository.state()
    assert staged(repository.folder) == {"leak.py:5 SES102", "leak.py:11 SES102", "old.py:5 SES102", "fresh.py:5 SES102"}
    assert staged(repository.folder, since="HEAD") == {"leak.py:11 SES102", "fresh.py:5 SES102"}
    assert staged(repository.folder, "leak.py", since="HEAD") == {"leak.py:11 SES102"}
    assert staged(repository.folder, "models.py", affected=True) == set(), "the models' edit is not staged"
    assert repository.state() == before
    repository.git("add", "models.py")
    repository.write(models=MODELS)
    brought = staged(repository.folder, "models.py", affected=True)
    assert brought == {"readers.py:11 SES301", "also.py:11 SES301", "leak.py:11 SES102", "fresh.py:5 SES102"}


def test_what_the_index_does_not_go_with(repository: Repository, sessionlint: Command) -> None:
    for arguments in (["--fix"], ["--diff"], ["--add-ignore", "why"], ["-"]):
        done = sessionlint("check", "--staged", *arguments, input=LEAK)
        assert (done.returncode, done.stdout) == (2, ""), arguments
        assert "--staged" in done.stderr
    repository.write(leak="")
    repository.git("add", "leak.py")
    repository.write(leak=LEAK)
    done = sessionlint("check", "--staged", "leak.py")
    assert (done.returncode, done.stdout) == (0, "All checks passed!\n")


def test_there_is_no_index_without_a_repository(project: Path, sessionlint: Command) -> None:
    done = sessionlint("check", "--staged")
    assert (done.returncode, done.stdout) == (2, "")
    assert "is in no git repository" in done.stderr
