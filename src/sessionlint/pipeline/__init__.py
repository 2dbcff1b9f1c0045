"""From paths and settings to findings: the order of the rooms, processes, timings."""

from sessionlint.pipeline.baselining import known_acquisitions
from sessionlint.pipeline.comparing import Against
from sessionlint.pipeline.result import Run, Stats, Stdin
from sessionlint.pipeline.rewriting import everything, rewritten
from sessionlint.pipeline.run import run

__all__ = ["Against", "Run", "Stats", "Stdin", "everything", "known_acquisitions", "rewritten", "run"]
