"""What git says of the files of a program: how they differ from an earlier revision. Writes nothing, neither index nor work tree."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sessionlint.revision.changes import Change, FileChange, changes_since, unstaged_changes
    from sessionlint.revision.git import NoRepository, environment
    from sessionlint.revision.hunks import Rows
    from sessionlint.revision.repository import top_of
else:
    from sessionlint.doors import door

    __getattr__ = door(
        __name__,
        {
            "changes": "Change FileChange changes_since unstaged_changes",
            "git": "NoRepository environment",
            "hunks": "Rows",
            "repository": "top_of",
        },
    )

__all__ = ["Change", "FileChange", "NoRepository", "Rows", "changes_since", "environment", "top_of", "unstaged_changes"]
