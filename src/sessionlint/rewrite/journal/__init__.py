"""Writing files so that every byte can be had back, whenever the process is killed: the journal is on disk before the first file changes.

`writing.py` has the order of steps, `restoring.py` the way back, `runs.py` what is on disk in between, `replacing.py` one file.
"""

from sessionlint.rewrite.journal.restoring import rollback
from sessionlint.rewrite.journal.runs import Change
from sessionlint.rewrite.journal.writing import refuse_after_interruption, write

__all__ = ["Change", "refuse_after_interruption", "rollback", "write"]
