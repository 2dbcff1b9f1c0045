"""`python -m sessionlint` is the command `sessionlint`, and this is where it begins."""

import sys
from typing import NoReturn


def main() -> NoReturn:
    """Run the command of the process's arguments. An interrupt is one also while the modules are still being imported."""
    try:
        from sessionlint.cli import main as run

        run()
    except KeyboardInterrupt:
        sys.stderr.write("\nsessionlint: interrupted\n")
        sys.exit(130)


if __name__ == "__main__":
    main()
