"""F: one process that parses every file with libcst, the garbage collector off. Of a single file it prints the seconds of its parse."""

import gc
import sys
import time
from pathlib import Path

import libcst

gc.disable()
place = Path(sys.argv[1])
for path in sorted(place.rglob("*.py")) if place.is_dir() else [place]:
    content = path.read_bytes()
    begun = time.perf_counter()
    try:
        libcst.parse_module(content)
    except Exception as error:  # a file that libcst cannot parse has cost what it cost
        sys.stderr.write(f"{path}: {type(error).__name__}\n")
    if path is place:
        sys.stdout.write(f"{time.perf_counter() - begun:.6f}\n")
