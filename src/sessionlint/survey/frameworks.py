"""What the program is made of, in a sentence each. Entry point: `described`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from sessionlint.survey.looking import Looking, counted

_NAMES = {"flask": "Flask", "quart": "Quart", "fastapi": "FastAPI", "starlette": "Starlette", "streamlit": "Streamlit"}
_CALLED = {
    "route": "view",
    "page": "page",
    "dependency": "dependency",
    "task": "task",
    "command": "command",
    "teardown": "teardown",
    "user_loader": "user loader",
    "cached": "cached function",
    "thread": "thread",
}
"""What the kinds of entry points are called; others say little of how sessions live."""


def described(look: Looking) -> Iterator[str]:
    """Models and scopes; then, framework by framework, what each calls."""
    program = look.program
    mapped = sum(model.is_mapped for model in program.models.values())
    parts = [counted(mapped, "mapped class"), counted(len(program.scopes), "session scope")]
    yield f"{counted(len(program.files), 'Python file')} with {' and '.join(parts)}"
    by_framework: dict[str, Counter[str]] = {}
    for points in program.entry_points.values():
        for kind, framework in {(point.kind, point.framework) for point in points}:
            if kind in _CALLED:
                by_framework.setdefault(framework, Counter())[kind] += 1
    for framework in sorted(by_framework):
        kinds = ", ".join(counted(by_framework[framework][kind], word) for kind, word in _CALLED.items() if by_framework[framework][kind])
        yield f"{_NAMES.get(framework, framework)}: {kinds}"
