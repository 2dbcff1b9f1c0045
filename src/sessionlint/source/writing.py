"""A file that is written whole or not at all. Entry point: `write_whole`."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path


def write_whole(path: Path, data: bytes, *, is_private: bool = False, is_precious: bool = True) -> None:
    """Write beside the file that `path` leads to, down to the disk, and move it into place.

    It keeps the mode of the file that was there; a new one gets what the process grants, or what its owner alone may do if it `is_private`.
    What is not `is_precious` may be lost with the machine's next fall: who reads it has to see whether it is whole. Raises `OSError`, and
    leaves what was there.
    """
    import tempfile  # with all that it imports, a run that writes nothing need not wait for it

    target = Path(os.path.realpath(path))
    handle, temporary = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name[:100]}.")
    try:
        with open(handle, "wb") as file:
            file.write(data)
            file.flush()
            if is_precious:
                os.fsync(file.fileno())
        if not is_private:
            os.chmod(temporary, target.stat().st_mode & 0o7777 if target.exists() else 0o666 & ~_umask())
        os.replace(temporary, target)
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(temporary)
        raise


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
