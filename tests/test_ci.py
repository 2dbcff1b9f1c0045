"""What the documentation tells people to put into their CI: it fits the service's schema, and its commands do what is said."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).parents[1]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
SCHEMAS = {
    ".github/workflows/sessionlint.yml": "vendor.github-workflows",
    ".gitlab-ci.yml": "vendor.gitlab-ci",
    "azure-pipelines.yml": "vendor.azure-pipelines",
    "bitbucket-pipelines.yml": "vendor.bitbucket-pipelines",
}
FENCE = re.compile(r"^```(\w+)\n(.*?)^```$", re.M | re.S)


def blocks(*languages: str) -> Iterator[tuple[str, str]]:
    """Fenced blocks in these languages, with a name for the test."""
    for page in PAGES:
        for number, (language, text) in enumerate(FENCE.findall(page.read_text(encoding="utf-8"))):
            if language in languages:
                yield f"{page.name}-{number}", text


def parametrized(*languages: str) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("text", [pytest.param(text, id=name) for name, text in blocks(*languages)])


@parametrized("yaml")
def test_yaml_is_what_its_service_takes(text: str, tmp_path: Path) -> None:
    file = re.match(r"# (\S+)\n", text)
    assert file, "the first row says which file it is"
    path = tmp_path / Path(file[1]).name
    path.write_text(text)
    if file[1] == ".pre-commit-config.yaml":
        checker = ["pre_commit", "validate-config", str(path)]
    else:
        transform = ["--data-transform", "gitlab-ci"] if "gitlab" in file[1] else []
        checker = ["check_jsonschema", "--builtin-schema", SCHEMAS[file[1]], *transform, str(path)]
    done = subprocess.run([sys.executable, "-m", *checker], capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_hooks_and_inputs_that_are_shown_exist() -> None:
    hooks = {hook["id"] for hook in yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text())}
    inputs = yaml.safe_load((ROOT / "action.yml").read_text())["inputs"]
    used = [part for _, text in blocks("yaml") for part in _mappings(yaml.safe_load(text))]
    ours = [part for part in used if str(part.get("uses", "")).startswith("sessionlint/sessionlint@")]
    assert {part["id"] for part in used if "id" in part} <= hooks
    assert {name for part in ours for name in part["with"]} <= set(inputs)
    assert len(ours) >= 2
    table = re.findall(r"^\| `([\w-]+)` \| ", (ROOT / "docs" / "ci.md").read_text().partition("| Input |")[2], re.M)
    assert sorted(table) == sorted(inputs)


def _mappings(value: Any) -> Iterator[dict[str, Any]]:
    if isinstance(value, dict):
        yield value
        for part in value.values():
            yield from _mappings(part)
    elif isinstance(value, list):
        for part in value:
            yield from _mappings(part)


def commands() -> Iterator[tuple[str, str]]:
    """Every command of sessionlint that a page gives for a shell or a service to run."""
    for name, text in blocks("bash", "yaml", "groovy"):
        for number, found in enumerate(re.findall(r"^\s*(?:- |- script: |- run: |sh ')?(sessionlint (?!check --help).*?)'?$", text, re.M)):
            yield f"{name}-{number}", found


@pytest.fixture(scope="module")
def programs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A directory for PATH, with a `sessionlint` that is this checkout."""
    folder = tmp_path_factory.mktemp("programs")
    program = folder / "sessionlint"
    program.write_text(f'#!/bin/sh\nPYTHONPATH="{ROOT / "src"}" exec "{sys.executable}" -m sessionlint "$@"\n')
    program.chmod(0o755)
    return folder


@pytest.fixture
def application(tmp_path: Path) -> Path:
    """One of the bundled applications as a clone of a repository, with a commit of its own that changes nothing."""
    origin, clone = tmp_path / "origin", tmp_path / "clone"
    shutil.copytree(ROOT / "fixtures" / "apps" / "flask_platform", origin, ignore=shutil.ignore_patterns("__pycache__", ".sessionlint*"))
    _git(origin, "init", "--quiet", "--initial-branch=main")
    _git(origin, "add", ".")
    _git(origin, "commit", "--quiet", "--message", "an application")
    _git(tmp_path, "clone", "--quiet", str(origin), str(clone))
    _git(clone, "checkout", "--quiet", "-b", "topic")
    _git(clone, "commit", "--quiet", "--allow-empty", "--message", "nothing")
    return clone


def _git(folder: Path, *arguments: str) -> str:
    identity = {f"GIT_{who}_{what}": "somebody" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
    environment = {**os.environ, **identity, "GIT_CONFIG_GLOBAL": os.devnull}
    return subprocess.run(["git", *arguments], cwd=folder, env=environment, capture_output=True, text=True, check=True).stdout


@pytest.mark.parametrize("command", [pytest.param(command, id=name) for name, command in commands()])
def test_commands(command: str, application: Path, programs: Path) -> None:
    """Each ends with 0 or 1 as its meaning has it, and leaves the files that it names."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("SESSIONLINT_", "PRE_COMMIT", "GIT_"))}
    base = _git(application, "rev-parse", "origin/main").strip()
    environment = {**kept, "PATH": f"{programs}{os.pathsep}{kept['PATH']}", "CI_MERGE_REQUEST_DIFF_BASE_SHA": base, "CI": "true"}
    done = subprocess.run(
        ["bash", "-euc", command], cwd=application, env=environment, capture_output=True, text=True, timeout=120, check=False
    )
    finds = re.search(r"sessionlint (check|plan --check|migrate)\b", command) and not re.search(r"--since|--exit-zero", command)
    assert done.returncode == (1 if finds else 0), done.stdout + done.stderr
    for file in re.findall(r"--output-file \w+=(\S+)", command):
        assert (application / file).stat().st_size > 0
