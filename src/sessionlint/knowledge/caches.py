"""Caching decorators by canonical name: what a function under one of them returns is kept for other callers."""

from __future__ import annotations

CACHES = frozenset(
    {
        "functools.cache",
        "functools.lru_cache",
        "cachetools.cached",
        "cachetools.func.lru_cache",
        "cachetools.func.ttl_cache",
        "streamlit.cache_data",
        "streamlit.cache_resource",
        "streamlit.experimental_memo",
        "streamlit.experimental_singleton",
        "streamlit.cache",
    }
)
