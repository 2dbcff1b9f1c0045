"""Recall and precision over executable cases from elsewhere, with every miss and false alarm behind them; fails below what is asked for.

    python benchmarks/accuracy.py TOOLS/cases.py CASES [--least-recall 0.95] [--least-precision 0.98]

Needs the scoring tool and the cases from beside this repository.
"""

from __future__ import annotations

import argparse
import importlib.util
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import ModuleType

COMMAND = [sys.executable, "-m", "sessionlint"]


def loaded(path: Path) -> ModuleType:
    """The scoring tool as a module."""
    spec = importlib.util.spec_from_file_location("cases_tool", path)
    if spec is None or spec.loader is None:
        raise SystemExit(f"{path} is no Python file")
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def main() -> int:
    """Print the figures; exit status 1 if one is lower than asked for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("tool", type=Path)
    parser.add_argument("cases", type=Path)
    parser.add_argument("--least-recall", type=float, default=0.0)
    parser.add_argument("--least-precision", type=float, default=0.0)
    options = parser.parse_args()
    tool = loaded(options.tool)
    cases = tool.load([options.cases])
    hits = missed = alarms = 0
    with ThreadPoolExecutor(2) as pool:
        for case, found, why in pool.map(lambda case: tool.score_one(case, COMMAND), cases):
            if found is None:
                raise SystemExit(f"{case.path}: {why}")
            wrong = {"missed": case.expect - found, "false alarm": found - case.expect - case.allow}
            for kind, marks in wrong.items():
                for file, row, code in sorted(marks):
                    sys.stdout.write(f"{kind:11} {code} {file}:{row}\n")
            hits, missed, alarms = hits + len(case.expect & found), missed + len(wrong["missed"]), alarms + len(wrong["false alarm"])
    recall, precision = hits / max(1, hits + missed), hits / max(1, hits + alarms)
    sys.stdout.write(
        f"{len(cases)} cases: hit {hits}, missed {missed}, false alarms {alarms}; recall {recall:.3f}, precision {precision:.3f}\n"
    )
    return int(not cases or recall < options.least_recall or precision < options.least_precision)


if __name__ == "__main__":
    raise SystemExit(main())
