"""Where walks begin, and which functions need none."""
