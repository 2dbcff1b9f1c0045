"""Contents that git does not hold itself: the pointers of Git LFS. Entry point: `real_content`."""

from __future__ import annotations

import os
import re
from pathlib import Path

from sessionlint.revision.git import Git

_POINTER = re.compile(rb"version https://git-lfs\.github\.com/spec/v1\n(?:.*\n)*?oid sha256:([0-9a-f]{64})\n")


def real_content(git: Git, content: bytes) -> bytes | None:
    """What a blob stands for; None for a pointer to something that is not on this machine."""
    pointer = _POINTER.match(content) if len(content) < 1024 else None
    if pointer is None:
        return content
    oid = pointer[1].decode()
    common = Path(git.folder, git.line("rev-parse", "--git-common-dir"))
    stored = common / "lfs" / "objects" / oid[:2] / oid[2:4] / oid
    return stored.read_bytes() if os.path.isfile(stored) else None
