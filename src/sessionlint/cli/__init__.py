"""The command line: `main` runs one command and exits. One file a command; see `group.py` for how they are found."""

from sessionlint.cli.main import main

__all__ = ["main"]
