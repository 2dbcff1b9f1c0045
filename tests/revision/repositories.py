"""Repositories made for a test, by the real git, with an identity of their own and nobody's configuration."""

from __future__ import annotations

import hashlib
import os
import subprocess
from pathlib import Path

_WHO = {f"GIT_{who}_{what}": "somebody@example.org" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
ENVIRONMENT = {
    **{name: value for name, value in os.environ.items() if not name.startswith(("GIT_", "SESSIONLINT_", "PRE_COMMIT"))},
    **_WHO,
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_NOSYSTEM": "1",
}


class Repository:
    """A repository in a folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        self.git("-c", "init.defaultBranch=main", "init", "--quiet")

    def git(self, *arguments: str) -> str:
        """What git prints; a failure is the test's."""
        command = ["git", "-C", str(self.folder), "-c", "protocol.file.allow=always", *arguments]
        done = subprocess.run(command, env=ENVIRONMENT, capture_output=True, text=True, timeout=60, check=False)
        assert done.returncode == 0, f"{arguments}: {done.stderr}"
        return done.stdout

    def write(self, **files: str) -> None:
        """Write files; `__` in a name is a slash, and the suffix is `.py` where there is no other."""
        for name, text in files.items():
            self.file(name.replace("__", "/") + ".py", text)

    def file(self, name: str, text: str) -> Path:
        """Write one file under its name."""
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return path

    def commit(self, message: str = "work") -> str:
        """Commit all there is; the id of the commit."""
        self.git("add", "--all")
        self.git("commit", "--quiet", "--allow-empty", "--message", message)
        return self.git("rev-parse", "HEAD").strip()

    def state(self) -> tuple[str, str, str]:
        """What nobody may change: the index, byte for byte, the status, and the references."""
        index = self.folder / ".git" / "index"
        digest = hashlib.sha256(index.read_bytes()).hexdigest() if index.exists() else ""
        return digest, self.git("--no-optional-locks", "status", "--porcelain"), self.git("show-ref") if digest else ""
