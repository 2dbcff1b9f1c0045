"""Functions made by chance and edited by chance: what was fixed is stale, what was added is new, and nothing else is either."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.baseline.programs import FILE, compared

X = "session = acquire()"
COMMON = ("session.close()", "return None", "pass", "log.info('done')")


@dataclass(frozen=True)
class Function:
    """Lines with a name each, so that an edit can say where it takes place; those named `x…` are findings."""

    name: str
    lines: tuple[tuple[str, str], ...]

    def text(self) -> str:
        return f"def {self.name}():\n" + "".join(f"    {line}\n" for _, line in self.lines) + "\n\n"


@st.composite
def functions(draw: st.DrawFn) -> tuple[Function, ...]:
    """A few functions of lines that are all different, some that are found everywhere, and findings that are all alike."""
    made = []
    for number in range(draw(st.integers(1, 3))):
        lines: list[tuple[str, str]] = []
        for place in range(draw(st.integers(2, 7))):
            lines.append((f"own{place}", f"step_{number}_{place}(session)"))
            if draw(st.booleans()):
                lines.append((f"common{place}", draw(st.sampled_from(COMMON))))
            if draw(st.booleans()):
                lines += [(f"x{place}", X), (f"use{place}", f"use_{number}_{place}(session)")]
        made.append(Function(f"function_{number}", tuple(lines)))
    return tuple(made)


def fixed_and_added(draw: st.DrawFn, function: Function) -> tuple[Function, int, int]:
    """Some findings fixed, others added, each between two lines of its own that were there side by side."""
    findings = [name for name, _ in function.lines if name.startswith("x")]
    fixed = {name for name in findings if draw(st.booleans())}
    lines: list[tuple[str, str]] = []
    added = 0
    for place, (name, line) in enumerate(function.lines):
        lines.append((name, f"session = scope_{name}()" if name in fixed else line))
        following = function.lines[place + 1][0] if place + 1 < len(function.lines) else ""
        if name.startswith(("own", "use")) and following.startswith("own") and draw(st.integers(0, 3)) == 0:
            lines += [(f"new{place}", X), (f"fresh{place}", f"fresh_{place}(session)")]
            added += 1
    return replace(function, lines=tuple(lines)), len(fixed), added


def padded(draw: st.DrawFn, function: Function) -> Function:
    """Lines that were nowhere before, anywhere."""
    lines: list[tuple[str, str]] = []
    for name, line in function.lines:
        lines += [(f"pad{name}{number}", f"padding_{name}_{number}()") for number in range(draw(st.integers(0, 2)))]
        lines.append((name, line))
    return replace(function, lines=tuple(lines))


def text_of(made: list[Function] | tuple[Function, ...]) -> str:
    return "".join(function.text() for function in made)


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_lines_between_and_moved_functions_are_survived(data: st.DataObject) -> None:
    before = data.draw(functions())
    after = [padded(data.draw, function) for function in data.draw(st.permutations(before))]
    result = compared({FILE: text_of(before)}, {FILE: text_of(after)})
    assert (len(result.new), len(result.stale)) == (0, 0)


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_the_lines_on_one_side_may_all_be_others(data: st.DataObject) -> None:
    (before, *_) = data.draw(functions())
    places = [place for place, (name, _) in enumerate(before.lines) if name.startswith("x")]
    if not places:
        return
    place = data.draw(st.sampled_from(places))
    is_above = data.draw(st.booleans())
    others = [(f"o{number}", f"other_{number}()") for number in range(data.draw(st.integers(0, 5)))]
    kept = before.lines[place:] if is_above else before.lines[: place + 1]
    lines = (*others, *kept) if is_above else (*kept, *others)
    gone = len(places) - sum(name.startswith("x") for name, _ in kept)
    if not is_above and place == 0:
        return
    result = compared({FILE: before.text()}, {FILE: replace(before, lines=tuple(lines)).text()})
    assert (len(result.new), len(result.stale)) == (0, gone)


@settings(max_examples=600, deadline=None)
@given(st.data())
def test_what_is_fixed_is_stale_and_what_is_added_is_new(data: st.DataObject) -> None:
    before = data.draw(functions())
    edited = [fixed_and_added(data.draw, function) for function in before]
    after = [padded(data.draw, function) for function, _, _ in data.draw(st.permutations(edited))]
    result = compared({FILE: text_of(before)}, {FILE: text_of(after)})
    stale = Counter(entry.identity.function for entry in result.stale)
    new = Counter(one.finding.qualname for one in result.new)
    assert stale == +Counter({function.name: fixed for function, fixed, _ in edited})
    assert new == +Counter({function.name: added for function, _, added in edited})
    rows = text_of(after).splitlines()
    behind = [rows[one.finding.at.range.row].strip() for one in result.new]
    assert all(line.startswith(("fresh_", "padding_fresh")) for line in behind), behind
