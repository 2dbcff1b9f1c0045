"""The things that many results speak of, each once, under a number: places, steps, functions, classes."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from sessionlint.link.symbols import ClassId, FunctionId
from sessionlint.solve.history import History, Step
from sessionlint.source import Location, Range


class Stored(msgspec.Struct, array_like=True):
    """Tables as they are stored; a location is a file's number and a range, a step its role, its place's number and its text."""

    files: list[str]
    locations: list[tuple[int, Range]]
    steps: list[tuple[str, int, str]]
    functions: list[tuple[int, int]]
    classes: list[tuple[int, int]]


class Moved(Exception):
    """A place is asked for that is nowhere any more."""


class Tables:
    """Numbers for things, and things for numbers. Numbers stay what they are; new things get new ones."""

    def __init__(self, stored: Stored | None = None) -> None:
        self.stored = stored or Stored([], [], [], [], [])
        self._files = {name: number for number, name in enumerate(self.stored.files)}
        self._locations: dict[Location, int] | None = None
        self._steps: dict[Step, int] | None = None
        self._functions: dict[FunctionId, int] | None = None
        self._classes: dict[ClassId, int] | None = None
        self._known_locations: dict[int, Location] = {}
        self._known_functions: dict[int, FunctionId] = {}
        self._known_steps: dict[int, Step] = {}
        self._gone: set[int] = set()

    # -- from numbers -------------------------------------------------------------------------------------------------

    def location(self, number: int) -> Location:
        """The place with a number; raises `Moved` for one that is gone."""
        found = self._known_locations.get(number)
        if found is None:
            if number in self._gone:
                raise Moved
            file, at = self.stored.locations[number]
            found = self._known_locations[number] = Location(self.stored.files[file], at)
        return found

    def step(self, number: int) -> Step:
        """The step with a number."""
        found = self._known_steps.get(number)
        if found is None:
            role, at, text = self.stored.steps[number]
            found = self._known_steps[number] = Step(role, self.location(at), text)
        return found

    def history(self, numbers: list[int]) -> History:
        """The history of steps with these numbers."""
        found = History()
        for number in numbers:
            found = History(self.step(number), found)
        return found

    def function(self, number: int) -> FunctionId:
        """The function with a number."""
        found = self._known_functions.get(number)
        if found is None:
            file, index = self.stored.functions[number]
            found = self._known_functions[number] = FunctionId(self.stored.files[file], index)
        return found

    def cls(self, number: int) -> ClassId:
        """The class with a number."""
        file, index = self.stored.classes[number]
        return ClassId(self.stored.files[file], index)

    # -- to numbers ---------------------------------------------------------------------------------------------------

    def number_of_location(self, location: Location) -> int:
        """The number of a place."""
        if self._locations is None:
            self._locations = {self.location(number): number for number in range(len(self.stored.locations)) if number not in self._gone}
        found = self._locations.get(location)
        if found is None:
            found = self._locations[location] = len(self.stored.locations)
            self.stored.locations.append((self._file(location.file), location.range))
        return found

    def number_of_step(self, step: Step) -> int:
        """The number of a step."""
        if self._steps is None:
            there = range(len(self.stored.steps))
            self._steps = {self.step(number): number for number in there if self.stored.steps[number][1] not in self._gone}
        found = self._steps.get(step)
        if found is None:
            found = self._steps[step] = len(self.stored.steps)
            self.stored.steps.append((step.role, self.number_of_location(step.at), step.text))
        return found

    def number_of_function(self, function: FunctionId) -> int:
        """The number of a function."""
        if self._functions is None:
            self._functions = {self.function(number): number for number in range(len(self.stored.functions))}
        found = self._functions.get(function)
        if found is None:
            found = self._functions[function] = len(self.stored.functions)
            self.stored.functions.append((self._file(function.file), function.index))
        return found

    def number_of_class(self, cls: ClassId) -> int:
        """The number of a class."""
        if self._classes is None:
            self._classes = {self.cls(number): number for number in range(len(self.stored.classes))}
        found = self._classes.get(cls)
        if found is None:
            found = self._classes[cls] = len(self.stored.classes)
            self.stored.classes.append((self._file(cls.file), cls.index))
        return found

    def _file(self, name: str) -> int:
        found = self._files.get(name)
        if found is None:
            found = self._files[name] = len(self.stored.files)
            self.stored.files.append(name)
        return found

    # -- edits --------------------------------------------------------------------------------------------------------

    def move(self, moved: Mapping[str, Mapping[Range, Range] | None]) -> None:
        """Places in these files are elsewhere now; those that are not told of, or all of a file with None, are gone. To be called first."""
        numbers = {self._files[name]: ranges for name, ranges in moved.items() if name in self._files}
        if numbers:
            for number, (file, at) in enumerate(self.stored.locations):
                if file in numbers:
                    ranges = numbers[file]
                    after = ranges.get(at) if ranges is not None else None
                    if after is None:
                        self._gone.add(number)
                    else:
                        self.stored.locations[number] = file, after
