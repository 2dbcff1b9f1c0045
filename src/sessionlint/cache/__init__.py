"""Facts kept between runs, by the digest of the bytes they were read from."""

from sessionlint.cache.store import FactsCache, open_cache

__all__ = ["FactsCache", "open_cache"]
