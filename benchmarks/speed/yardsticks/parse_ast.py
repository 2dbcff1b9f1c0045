"""One process that hands every file to `ast.parse`."""

import ast
import sys
import warnings
from pathlib import Path

warnings.simplefilter("ignore")
for path in sorted(Path(sys.argv[1]).rglob("*.py")):
    try:
        ast.parse(path.read_bytes())
    except (SyntaxError, ValueError) as error:
        sys.stderr.write(f"{path}: {type(error).__name__}\n")
