"""What is kept between runs: facts by the digest of the bytes they were read from, and what earlier programs gave."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sessionlint.cache.results import Results, open_results
    from sessionlint.cache.stamp import stamp_of_code
    from sessionlint.cache.store import FactsCache, open_cache
else:
    from sessionlint.doors import door

    __getattr__ = door(
        __name__,
        {
            "results": "Results open_results",
            "stamp": "stamp_of_code",
            "store": "FactsCache open_cache",
        },
    )

__all__ = ["FactsCache", "Results", "open_cache", "open_results", "stamp_of_code"]
