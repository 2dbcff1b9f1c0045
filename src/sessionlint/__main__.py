"""`python -m sessionlint` is the command `sessionlint`, and this is where it begins."""

from __future__ import annotations

import signal
import sys
from typing import NoReturn


def main() -> NoReturn:
    """Run the command of the process's arguments. An interrupt is one also while the modules are still being imported."""
    try:
        sys.unraisablehook = _heard_again
        from sessionlint.cli import main as run

        run()
    except KeyboardInterrupt:
        sys.stderr.write("\nsessionlint: interrupted\n")
        sys.exit(130)


def _heard_again(what: sys.UnraisableHookArgs, /) -> None:
    """An interrupt in a destructor or a callback would be printed and forgotten: it comes again, where it can be heard."""
    if what.exc_type is KeyboardInterrupt:
        signal.raise_signal(signal.SIGINT)
    else:
        sys.__unraisablehook__(what)


if __name__ == "__main__":
    main()
