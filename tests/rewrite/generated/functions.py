"""Functions around generated bodies: how they take and give back their sessions, and where they stand. Entry point: `module`."""

from __future__ import annotations

from dataclasses import dataclass

from tests.rewrite.generated.bodies import Bodies, Lines, Place, indented
from tests.rewrite.generated.expressions import Choices, Names

HEAD = """\
from contextlib import ExitStack, closing, suppress
from flask import Flask, jsonify
from sqlalchemy import func, insert, inspect, select, text, update
from sqlalchemy.exc import IntegrityError, NoResultFound, SQLAlchemyError
from sqlalchemy.orm import joinedload, make_transient, selectinload
from shop import AppError, Author, Book, Shelf, audited, caught, check, count_books, db_manager, describe, discount, finish, init_app
from shop import CACHE, keep, load, logged, save, undo

app = Flask("main", root_path="/")
init_app(app)
"""


@dataclass(frozen=True)
class Entry:
    """A generated function and how it is called: `plain`, `generator`, `async`, `route`, `method`."""

    name: str
    kind: str
    source: str


class Functions:
    """Makes functions around bodies."""

    def __init__(self, choices: Choices) -> None:
        self.choices = choices
        self.bodies = Bodies(choices, [])
        self.acquire = "db_manager.get_session()"

    def function(self, name: str, kind: str, functions: list[str]) -> Entry:
        self.bodies = Bodies(self.choices, functions)
        self.acquire = "self.db_manager.get_session()" if kind == "method" else "db_manager.get_session()"
        names = Names(self.choices.pick("session", "db", "s"))
        place = Place(is_generator=kind == "generator")
        lines = ["out = []", *self.part(names, place)]
        if self.choices.chance(15):
            again = names.session if self.choices.chance(50) else "second"
            later = names.copy(again)
            later.held["lazy"].clear()  # what an abandoned cursor shows depends on the connection that the pool gives out
            lines += self.part(later, place)
        if kind == "generator":
            lines += ["yield len(out)"]
        elif self.choices.chance(70):
            lines += [f"return {self.choices.pick('out', 'key', 'None', self.bodies.value(names))}"]
        return Entry(name, kind, "\n".join(self.headed(name, kind, lines)) + "\n")

    def headed(self, name: str, kind: str, lines: Lines) -> Lines:
        if kind == "route":
            called = [f"def {name}(key, flag):", *indented(lines)]
            route = [
                f'@app.route("/{name}/<int:key>/<int:flag>")',
                f"def {name}_view(key, flag):",
                f"    return jsonify(repr({name}(key, flag)))",
            ]
            direct = [f'@app.route("/{name}/<int:key>/<int:flag>")', f"def {name}(key, flag):", *indented(lines)]
            return direct if self.choices.chance(50) else [*called, "", "", *route]
        if kind == "method":
            method = [f"def {name}(self, key, flag):", *indented(lines)]
            init = ["def __init__(self, db_manager):", "    self.db_manager = db_manager", ""]
            return [f"class Service{name.capitalize()}:", *indented(init), *indented(method)]
        if kind == "plain" and self.choices.chance(8):
            return ["@caught", f"def {name}(key, flag):", *indented(lines)]
        word = "async def" if kind == "async" else "def"
        return [f"{word} {name}(key, flag):", *indented(lines)]

    # -- forms ------------------------------------------------------------------------------------------------------

    def part(self, names: Names, place: Place) -> Lines:
        """The statements that take a session, work with it, and perhaps give it back, and some after that."""
        if self.choices.chance(4):
            return self.given_or_taken(names, place)
        forms = (
            self.closed_in_finally,
            self.taken_in_try,
            self.entered,
            self.closed_at_end,
            self.rolled_back,
            self.conditional,
            self.in_loop,
            self.two_at_once,
            self.nested_function,
            self.around_everything,
        )
        weights = (34, 10, 12, 10, 8, 4, 7, 6, 4, 5)
        number, index = self.choices.below(sum(weights)), 0
        while number >= weights[index]:
            number -= weights[index]
            index += 1
        lines = forms[index](names, place)
        if self.choices.chance(30):
            lines += self.after(names, place)
        return lines

    def after(self, names: Names, place: Place) -> Lines:
        """Work after the session is gone: mostly on values, now and then on instances."""
        if self.choices.chance(70):
            names = Names(names.session, {**Names("").held, "plain": names.held["plain"]})
        return self.bodies.use(names, place)

    def taken(self, names: Names) -> str:
        annotation = ": object" if self.choices.chance(5) else ""
        return f"{names.session}{annotation} = {self.acquire}"

    def close(self, names: Names) -> Lines:
        s = names.session
        if self.choices.chance(60):
            return [f"{s}.close()"]
        written = self.choices.pick(
            f"db_manager.close_session({s})",
            f"if {s}:\n    {s}.close()",
            f"if {s} is not None:\n    {s}.close()",
            f"try:\n    {s}.close()\nexcept Exception:\n    pass",
            f"{s}.rollback()\n{s}.close()",
            f"{s}.close()\n{s} = None",
            f"if {s}: {s}.close()",
        )
        return written.split("\n")

    def closed_in_finally(self, names: Names, place: Place) -> Lines:
        lines = [self.taken(names)]
        if self.choices.chance(15):
            lines += self.bodies.use(names, place)
        inner = names.copy()
        lines += ["try:", *indented(self.bodies.block(inner, place.deeper(), 2))]
        if self.choices.chance(45):
            lines += self.bodies.handlers(names, place)
            if self.choices.chance(20):
                lines += ["else:", *indented(self.bodies.block(inner, place.deeper()))]
        last = self.close(names)
        if self.choices.chance(12):
            last = [*self.bodies.use(names, place.deeper(may_return=False, is_generator=False)), *last]
        if self.choices.chance(5):
            last += self.bodies.use(names, place.deeper(may_return=False, is_generator=False))
        names.learn(inner)
        if len(last) == 1 and not last[0].startswith("if") and self.choices.chance(5):
            return [*lines, f"finally: {last[0]}"]
        return [*lines, "finally:", *indented(last)]

    def taken_in_try(self, names: Names, place: Place) -> Lines:
        inner = names.copy()
        s = names.session
        lines = [f"{s} = None"] if self.choices.chance(60) else []
        begin = self.bodies.use(names, place.deeper()) if self.choices.chance(25) else []
        lines += ["try:", *indented([*begin, self.taken(names), *self.bodies.block(inner, place.deeper(), 2)])]
        if self.choices.chance(60):
            lines += self.bodies.handlers(names, place)
        last = [f"if {s}:", f"    {s}.close()"] if self.choices.chance(50) else self.close(names)
        names.learn(inner)
        return [*lines, "finally:", *indented(last)]

    def entered(self, names: Names, place: Place) -> Lines:
        context = self.choices.pick(self.acquire, f"closing({self.acquire})")
        if self.choices.chance(8):
            before = self.choices.pick("logged()", f"{self.acquire} as other", "suppress(AppError)")
            return [f"with {before}, {context} as {names.session}:", *indented(self.bodies.block(names, place.deeper(), 2))]
        if self.choices.chance(4):
            s = names.session
            stack = (
                [f"{s} = stack.enter_context({self.acquire})"]
                if self.choices.chance(50)
                else [self.taken(names), f"stack.callback({s}.close)"]
            )
            return ["with ExitStack() as stack:", *indented([*stack, *self.bodies.block(names, place.deeper(), 2)])]
        return [f"with {context} as {names.session}:", *indented(self.bodies.block(names, place.deeper(), 2))]

    def closed_at_end(self, names: Names, place: Place) -> Lines:
        """No `try` at all; perhaps not even a `close()`."""
        lines = [self.taken(names), *self.bodies.block(names, place, 2)]
        if self.choices.chance(30):
            return lines
        return [*lines, "if flag:", *indented(self.close(names))] if self.choices.chance(20) else [*lines, *self.close(names)]

    def rolled_back(self, names: Names, place: Place) -> Lines:
        """`commit()`, or `rollback()` in a handler, and no `finally`."""
        s = names.session
        inner = names.copy()
        lines = [self.taken(names), "try:", *indented([*self.bodies.block(inner, place.deeper(), 1), f"{s}.commit()"])]
        if self.choices.chance(40):
            lines += indented(self.close(names))
        lines += self.bodies.handlers(names, place)
        return [*lines, *self.close(names)] if self.choices.chance(50) else lines

    def conditional(self, names: Names, place: Place) -> Lines:
        s = names.session
        body = indented(self.bodies.block(names, place.deeper(), 2))
        start = self.choices.pick(f"{s} = None\nif key:", "if flag:").split("\n")
        return [*start, f"    {self.taken(names)}", "    try:", *indented(body), "    finally:", f"        {s}.close()"]

    def given_or_taken(self, names: Names, place: Place) -> Lines:
        """A session may have been handed in."""
        s = names.session
        return [
            f"{s} = CACHE.get('session') or {self.acquire}",
            "try:",
            *indented(self.bodies.block(names, place, 2)),
            "finally:",
            f"    {s}.close()",
        ]

    def in_loop(self, names: Names, place: Place) -> Lines:
        head = self.choices.pick("for key in (1, 2, key):", "for key in range(1, 3):")
        inner = place.deeper(in_loop=True)
        number = self.choices.below(10)
        if number < 5:
            return [head, *indented(self.closed_in_finally(names, inner))]
        return [head, *indented(self.taken_in_try(names, inner) if number < 7 else self.closed_at_end(names, inner))]

    def two_at_once(self, names: Names, place: Place) -> Lines:
        second = names.copy("other")
        block = [*self.bodies.block(names, place.deeper()), *self.bodies.block(second, place.deeper())]
        if self.choices.chance(50):
            closes = self.choices.pick(f"{names.session}.close()\nother.close()", "other.close()\n" + f"{names.session}.close()").split(
                "\n"
            )
            return [self.taken(names), f"other = {self.acquire}", "try:", *indented(block), "finally:", *indented(closes)]
        inside = ["try:", *indented(block), "finally:", "    other.close()"]
        return [self.taken(names), "try:", *indented([f"other = {self.acquire}", *inside]), "finally:", f"    {names.session}.close()"]

    def nested_function(self, names: Names, place: Place) -> Lines:
        """The session is taken in a function in the function."""
        body = self.closed_in_finally(names.copy(), Place(depth=1))
        call = self.choices.pick(
            "out.append(work())", "return work()" if place.may_return and not place.is_generator else "work()", "work()"
        )
        return ["def work(key=key, flag=flag):", *indented(body), call]

    def around_everything(self, names: Names, place: Place) -> Lines:
        """A `try` around the one that closes."""
        return ["try:", *indented(self.closed_in_finally(names, place.deeper())), *self.bodies.handlers(names, place)]


KINDS = ("plain",) * 8 + ("generator", "async") + ("route",) * 3 + ("method",) * 3


def module(choices: Choices, size: int) -> list[Entry]:
    """The functions of one module."""
    entries: list[Entry] = []
    maker = Functions(choices)
    for index in range(size):
        plain = [entry.name for entry in entries if entry.kind == "plain"][-3:]
        entries.append(maker.function(f"f{index}", choices.pick(*KINDS), plain))
    return entries


def source_of(entries: list[Entry]) -> str:
    """The text of a module with these functions, and a caller outside any request for the plain ones."""
    calls = [f"    {entry.name}(1, False)" for entry in entries if entry.kind == "plain"] or ["    pass"]
    main = "\n".join(["def main():", *calls])
    return HEAD + "".join(f"\n\n{entry.source}" for entry in entries) + f"\n\n{main}\n"
