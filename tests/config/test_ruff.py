"""What ruff's configuration makes of `# noqa: SES101` is read as ruff reads it, and mended so that ruff leaves it alone."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from sessionlint.config.ruff import ruff_of, with_external
from sessionlint.source import SessionlintError

CODE = "import os\n\n\ndef where():\n    return os.getcwd()  # noqa: SES101 -- the script ends here\n"


def ruff_leaves_it(folder: Path) -> bool:
    """What the real ruff does to the comment."""
    file = folder / "module.py"
    file.write_text(CODE)
    subprocess.run(
        [sys.executable, "-m", "ruff", "check", "--no-cache", "--extend-select", "RUF100,RUF102", "--fix", "--quiet", str(file)],
        check=False,
        timeout=60,
        capture_output=True,
    )
    return file.read_text() == CODE


CONFIGURATIONS = {
    "empty": ("ruff.toml", ""),
    "lint": ("ruff.toml", '# ours\n[lint]\nselect = ["ALL"] # all\n'),
    "list": ("ruff.toml", '[lint]\nselect = ["E", "RUF10"]\nexternal = [\n    "V", # vulture\n]\n'),
    "old": ("ruff.toml", 'select = ["RUF"]\nexternal = ["V"]\n'),
    "hidden": (".ruff.toml", '[lint]\nextend-select = ["RUF102"]\n'),
    "pyproject": (
        "pyproject.toml",
        '[project]\nname = "x"\nversion = "1"\n\n[tool.ruff.lint]\nselect = ["RUF"]\n\n[tool.other]\nkey = 1\n',
    ),
    "bare table": ("pyproject.toml", "[tool.ruff]\nline-length = 100\n"),
    "dotted": ("pyproject.toml", '[tool]\nruff.lint.select = ["RUF"]\n'),
}


@pytest.mark.parametrize(("name", "text"), CONFIGURATIONS.values(), ids=CONFIGURATIONS)
def test_ruff_deletes_the_comment_before_and_leaves_it_after(tmp_path: Path, name: str, text: str) -> None:
    path = tmp_path / name
    path.write_text(text)
    found = ruff_of(tmp_path)
    assert found is not None
    assert (found.file, found.spares("SES101")) == (path, False)
    assert not ruff_leaves_it(tmp_path)
    path.write_bytes(with_external(found, path.read_bytes()))
    again = ruff_of(tmp_path)
    assert again is not None
    assert again.spares("SES101")
    assert ruff_leaves_it(tmp_path)


def test_comments_and_layout_stay(tmp_path: Path) -> None:
    path = tmp_path / "ruff.toml"
    path.write_text(CONFIGURATIONS["list"][1])
    found = ruff_of(tmp_path)
    assert found is not None
    assert with_external(found, path.read_bytes()).decode() == (
        '[lint]\nselect = ["E", "RUF10"]\nexternal = [\n    "V", # vulture\n    "SES",\n]\n'
    )
    path.write_text(CONFIGURATIONS["lint"][1])
    found = ruff_of(tmp_path)
    assert found is not None
    assert with_external(found, path.read_bytes()).decode() == '# ours\n[lint]\nselect = ["ALL"] # all\nexternal = ["SES"]\n'


def test_the_nearest_file_counts_with_what_it_extends(tmp_path: Path) -> None:
    below = tmp_path / "below"
    below.mkdir()
    (tmp_path / "ruff.toml").write_text('[lint]\nselect = ["RUF"]\nexternal = ["V", "SES1"]\n')
    (below / "pyproject.toml").write_text("[tool.black]\n")
    found = ruff_of(below)
    assert found is not None
    assert (found.file, found.external, found.deletes) == (tmp_path / "ruff.toml", ("V", "SES1"), True)
    assert (found.spares("SES101"), found.spares("SES301")) == (True, False)
    (below / ".ruff.toml").write_text('extend = "../ruff.toml"\n')
    found = ruff_of(below)
    assert found is not None
    assert (found.file, found.external, found.deletes) == (below / ".ruff.toml", ("V", "SES1"), True)
    assert with_external(found, b'extend = "../ruff.toml"\n').decode().endswith('[lint]\nexternal = ["V", "SES1", "SES"]\n')


@pytest.mark.parametrize(
    ("lint", "deletes"),
    [
        ("", False),
        ('select = ["E", "F"]', False),
        ('select = ["ALL"]', True),
        ('extend-select = ["RUF102"]', True),
        ('select = ["RUF"]\nignore = ["RUF100", "RUF102"]', False),
        ('select = ["RUF"]\nignore = ["RUF1"]', False),
        ('select = ["RUF102"]\nignore = ["RUF"]', True),
        ('select = ["RUF102"]\nignore = ["RUF102"]', False),
    ],
)
def test_whether_a_rule_runs_that_deletes_codes(tmp_path: Path, lint: str, deletes: bool) -> None:
    (tmp_path / "ruff.toml").write_text(f"[lint]\n{lint}\n")
    found = ruff_of(tmp_path)
    assert found is not None
    assert found.deletes is deletes


@pytest.mark.parametrize("content", [b"[lint\n", b"\xff"], ids=["broken", "binary"])
def test_what_ruff_itself_cannot_read_is_its_own_affair(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "ruff.toml").write_bytes(content)
    assert ruff_of(tmp_path) is None


def test_what_cannot_be_mended_is_said(tmp_path: Path) -> None:
    path = tmp_path / "ruff.toml"
    path.write_text("[lint]\nexternal = 'V'\n")
    found = ruff_of(tmp_path)
    assert found is not None
    path.write_text("[lint\n")
    with pytest.raises(SessionlintError, match="cannot be written") as caught:
        with_external(found, path.read_bytes())
    assert (caught.value.file, caught.value.hint) == (str(path), 'add `external = ["SES"]` by hand')
