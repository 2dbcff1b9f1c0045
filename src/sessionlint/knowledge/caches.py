"""Caches by canonical name: decorators under which a result is kept for other callers, and objects into which values are put."""

from __future__ import annotations

from sessionlint.knowledge.words import words

CACHES = words(
    """functools.cache functools.lru_cache cachetools.cached cachetools.cachedmethod cachetools.func.lru_cache cachetools.func.ttl_cache
    cachetools.func.lfu_cache cachetools.func.rr_cache asyncache.cached asyncache.cachedmethod async_lru.alru_cache methodtools.lru_cache
    aiocache.cached aiocache.cached_stampede aiocache.multi_cached cashews.cache flask_caching.Cache.cached flask_caching.Cache.memoize
    flask_cache.Cache.cached flask_cache.Cache.memoize diskcache.Cache.memoize diskcache.FanoutCache.memoize joblib.Memory.cache
    dogpile.cache.region.CacheRegion.cache_on_arguments streamlit.cache_data streamlit.cache_resource streamlit.experimental_memo
    streamlit.experimental_singleton streamlit.cache"""
)
"""Caching decorators."""

TELLING = words("lru_cache alru_cache ttl_cache memoize memoized cached cache_on_arguments")
"""Last names that say as much of a decorator from a library that is not known."""

OTHER_CACHES = words("fastapi_cache.decorator.cache flask_caching.cached_property")
"""Decorators that look like it, but keep the encoded response."""

_TABLES = """cachetools.TTLCache cachetools.LRUCache cachetools.LFUCache cachetools.FIFOCache cachetools.RRCache cachetools.TLRUCache
cachetools.Cache expiringdict.ExpiringDict diskcache.Cache diskcache.FanoutCache diskcache.Index"""
_STORES = """flask_caching.Cache flask_cache.Cache cachelib.SimpleCache cachelib.simple.SimpleCache cachelib.FileSystemCache
cachelib.RedisCache werkzeug.contrib.cache.SimpleCache aiocache.Cache aiocache.SimpleMemoryCache aiocache.RedisCache
aiocache.Cache.MEMORY dogpile.cache.make_region dogpile.cache.region.make_region beaker.cache.CacheManager"""

CACHE_OBJECTS: dict[str, str] = {name: name for name in sorted(words(f"{_TABLES} {_STORES}"))}
"""Classes of caches, and functions that make one."""

CACHE_CALLS = words("django.core.cache.cache.set django.core.cache.cache.add cashews.cache.set")
"""Functions that put a value into a cache."""

PUTS: dict[str, int] = {"set": 1, "add": 1, "put": 1, "setdefault": 1, "set_many": 0, "multi_set": 0, "update": 0, "__setitem__": 1}
"""Methods of a cache that put something in, and which argument that is."""
