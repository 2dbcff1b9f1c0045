"""Programs made by chance, migrated, and run before and after against SQLite: they do what they did. `PROGRAMS=100000` makes more."""

from __future__ import annotations

import functools
import os
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

from sessionlint.capture import capture
from sessionlint.check import Finding, check
from sessionlint.link import Program, link
from sessionlint.rewrite import Migration, migrate
from sessionlint.rewrite.codemods.scope import ManagedScope
from sessionlint.solve import solve
from sessionlint.source import SourceFile
from tests.rewrite.generated.comparing import Tally, difference, function_in
from tests.rewrite.generated.execution import CALLS, Runtime, without_collection
from tests.rewrite.generated.expressions import Choices
from tests.rewrite.generated.functions import Entry, module, source_of
from tests.rewrite.generated.shop import WORLDS, World
from tests.rewrite.programs import SETTINGS

SIZE = 10
"""Functions in a module. Each counts as a program: it is called on its own, on a database of its own."""

PART = 2000
"""Programs in a part; each part has a seed of its own."""

PROGRAMS = int(os.environ.get("PROGRAMS", PART))
_COLUMN = {count: st.integers(0, count - 1) for count in range(1, 120)}
_EXPECTED = frozenset({"SES002", "SES101", "SES108"})
"""What a migration may add to the findings: the fallback of a service, a `commit()` that the scope makes too."""


@st.composite
def modules(draw: st.DrawFn) -> tuple[World, list[Entry]]:
    """A world and the functions of a module in it."""
    choices = Choices(lambda count: draw(_COLUMN[count]))
    return WORLDS[choices.below(len(WORLDS))], module(choices, SIZE)


@functools.lru_cache
def _captured(content: bytes):  # type: ignore[no-untyped-def]
    return capture(content)


def _program(texts: dict[str, bytes]) -> Program:
    files = {}
    for name, content in texts.items():
        facts = _captured(content) if name == "shop.py" else capture(content)
        files[name] = (SourceFile(SETTINGS.root / name, name, name.removesuffix(".py")), facts)
    return link(files, SETTINGS)


def _migration(texts: dict[str, bytes], findings: Sequence[Finding] | None = None) -> tuple[Migration, Sequence[Finding]]:
    """What migrating gives, and the findings of the texts, which are worked out where they are not given."""
    program = _program(texts)
    found = check(program, solve(program), SETTINGS) if findings is None else findings
    return migrate(program, SETTINGS, texts, lambda spot: True, found, codemods=[ManagedScope]), found


@pytest.fixture(scope="module")
def runtimes() -> Iterator[dict[str, Runtime]]:
    with tempfile.TemporaryDirectory() as folder:
        found = {world.name: Runtime(world, Path(folder)) for world in WORLDS}
        yield found
        for runtime in found.values():
            runtime.close()


def _examine(world: World, entries: list[Entry], runtime: Runtime, tally: Tally) -> None:
    source = source_of(entries)
    texts = {"shop.py": world.source.encode(), "main.py": source.encode()}
    first, found = _migration(texts)
    assert {change.name for change in first.changes} <= {"main.py"}
    _count(tally, first)
    if not first.changes:
        return
    after = first.changes[0].after
    second, left = _migration(texts | {"main.py": after}, first.after.findings)
    assert second.changes == (), f"a second run changes something\n{after.decode()}"
    new = Counter((f.code, f.qualname) for f in left) - Counter((f.code, f.qualname) for f in found)
    assert {code for code, _ in new} <= _EXPECTED, f"new findings: {new}\n{after.decode()}"
    with without_collection():
        were, are = runtime.outcomes(source, entries), runtime.outcomes(after.decode(), entries)
    for entry in entries:
        for call, one, other in zip(CALLS, were[entry.name], are[entry.name], strict=True):
            differs = difference(one, other, is_translating=world.is_translating, tally=tally)
            if differs:
                now = function_in(after.decode(), entry)
                pytest.fail(f"{entry.name}{call} in world {world.name}\n\n{entry.source}\n# now\n{now}\n\n{differs}")


def _count(tally: Tally, result: Migration) -> None:
    tally.programs += SIZE
    left = [site for site in result.left if site.file == "main.py"]
    tally.sites += len(result.migrated) + len(left)
    tally.migrated += len(result.migrated)
    for site in left:
        tally.left[site.code] = tally.left.get(site.code, 0) + 1


@pytest.mark.filterwarnings(
    "ignore::pytest.PytestUnraisableExceptionWarning"
)  # generators that swallow GeneratorExit, as people write them
@pytest.mark.parametrize("part", range(max(PROGRAMS // PART, 1)))
def test_migrated_programs_do_what_they_did(part: int, runtimes: dict[str, Runtime]) -> None:
    tally = Tally()

    @seed(part)
    @settings(
        max_examples=min(PROGRAMS, PART) // SIZE,
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        phases=(Phase.generate, Phase.shrink),
    )
    @given(modules())
    def examine(generated: tuple[World, list[Entry]]) -> None:
        world, entries = generated
        _examine(world, entries, runtimes[world.name], tally)

    examine()
    print(f"part {part}: {tally}")
    assert tally.programs >= min(PROGRAMS, PART)
    assert tally.migrated >= 0.4 * tally.sites
    assert tally.raising >= 0.1 * tally.calls
    assert tally.leaks_cured > 0
