"""Frameworks as tables: what calls a function, what ends a request, what keeps state."""
