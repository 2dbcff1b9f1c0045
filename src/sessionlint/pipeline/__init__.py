"""From paths and settings to findings: the order of the rooms, processes, timings."""

from typing import TYPE_CHECKING

from sessionlint.pipeline.run import run

if TYPE_CHECKING:
    from sessionlint.pipeline.baselining import known_acquisitions
    from sessionlint.pipeline.comparing import Against
    from sessionlint.pipeline.keeping.acquirer import acquirer_to_name
    from sessionlint.pipeline.keeping.offers import with_offers
    from sessionlint.pipeline.result import Run, Stats, Stdin
    from sessionlint.pipeline.rewriting import everything, rewritten
else:
    from sessionlint.doors import door

    __getattr__ = door(
        __name__,
        {
            "keeping.acquirer": "acquirer_to_name",
            "baselining": "known_acquisitions",
            "comparing": "Against",
            "keeping.offers": "with_offers",
            "result": "Run Stats Stdin",
            "rewriting": "everything rewritten",
        },
    )

__all__ = [
    "Against",
    "Run",
    "Stats",
    "Stdin",
    "acquirer_to_name",
    "everything",
    "known_acquisitions",
    "rewritten",
    "run",
    "with_offers",
]
