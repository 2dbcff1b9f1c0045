"""`python -m sessionlint` is the command `sessionlint`, and this is where it begins."""

from __future__ import annotations

import _thread
import signal
import sys
import threading
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


_MOMENT = 0.01
"""Seconds in which a callback comes to its end; where it does not, the signal is ignored and comes again."""


def _send(number: int) -> None:
    """To the main thread, which it wakes; where there is no such call (Windows) it only hears of it when it wakes."""
    if hasattr(signal, "pthread_kill"):
        signal.pthread_kill(threading.main_thread().ident or 0, number)
    else:
        _thread.interrupt_main(signal.Signals(number))


def _heard_again(what: sys.UnraisableHookArgs, /) -> None:
    """A signal in a destructor or a callback would be printed and forgotten: it comes again a moment later, where it can be heard."""
    number = signal.SIGINT if what.exc_type is KeyboardInterrupt else getattr(what.exc_type, "signal", None)
    if number is not None:
        again = threading.Timer(_MOMENT, _send, (number,))
        again.daemon = True
        again.start()
    else:
        sys.__unraisablehook__(what)


if __name__ == "__main__":
    main()
