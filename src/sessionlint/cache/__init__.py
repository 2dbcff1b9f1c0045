"""What is kept between runs: facts by the digest of the bytes they were read from, and what earlier programs gave."""

from sessionlint.cache.results import Results
from sessionlint.cache.store import FactsCache, open_cache, open_results, stamp_of_code

__all__ = ["FactsCache", "Results", "open_cache", "open_results", "stamp_of_code"]
