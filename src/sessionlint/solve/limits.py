"""Every bound of the analysis, in one place. What is cut off by one is named in `Events.truncated`."""

MAX_STATES = 12
"""Path states kept at one point of a function; further ones are dropped, which only loses findings."""

MAX_DEPTH = 9
"""Calls followed into each other from a root."""

MAX_RECURSION = 2
"""How often one function may stand on the stack of followed calls."""

MAX_TURNS = 3
"""Turns of a loop that are walked (a fixed point usually comes earlier)."""

MAX_STEPS = 8_000
"""Operations evaluated for one root, inlined calls included; beyond it calls are no longer followed."""

HARD_STEPS = 20_000
"""Operations after which a root is given up."""

MAX_ELEMENTS = 4
"""Different values remembered for the elements of one collection."""

MAX_ITEMS = 12
"""Items of a tuple or list that are told apart by position."""
