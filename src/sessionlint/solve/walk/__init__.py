"""Python's own meaning: statements, expressions, names and loops, path by path."""
