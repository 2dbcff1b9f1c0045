"""What the codemods make of codemod cases from elsewhere; fails where behaviour changed or fewer are perfect than asked for.

    python benchmarks/codemods.py TOOLS/codemods.py CASES [--least-perfect 0.9]

Needs the scoring tool and the cases from beside this repository.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from pathlib import Path


def main() -> int:
    """Print the table of the scoring tool; exit status 1 if it is not as good as asked for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("tool", type=Path)
    parser.add_argument("cases", type=Path)
    parser.add_argument("--least-perfect", type=float, default=0.0)
    options = parser.parse_args()
    command = [
        sys.executable,
        str(options.tool),
        "score",
        str(options.cases),
        "--cmd",
        f"{sys.executable} -m sessionlint",
        "--show",
        "--json",
    ]
    done = subprocess.run(command, capture_output=True, text=True, timeout=900, check=False)
    sys.stdout.write(done.stderr)
    *problems, last = done.stdout.splitlines() or [""]
    sys.stdout.write("".join(f"{line}\n" for line in problems))
    counts = json.loads(last)
    sys.stdout.write(", ".join(f"{name} {count}" for name, count in counts.items()) + "\n")
    cases = counts["cases"]
    return int(not cases or counts["behaviour"] < cases or counts["parse"] < cases or counts["perfect"] < options.least_perfect * cases)


if __name__ == "__main__":
    raise SystemExit(main())
