"""Blocks of generated functions: statements, ways out, and what stands around them. Entry point: `Bodies.block`."""

from __future__ import annotations

from dataclasses import dataclass, replace

from tests.rewrite.generated.expressions import Choices, Expressions, Names

Lines = list[str]


def indented(lines: Lines) -> Lines:
    """The lines, one level deeper."""
    return ["    " + line for line in lines]


@dataclass(frozen=True)
class Place:
    """Where a block stands: how deep, in a loop or a generator or not, and whether `return` may stand there."""

    depth: int = 0
    in_loop: bool = False
    is_generator: bool = False
    may_return: bool = True

    def deeper(self, **changes: bool) -> Place:
        return replace(self, depth=self.depth + 1, **changes)


class Bodies(Expressions):
    """Makes blocks; `functions` are those of the module that may be called."""

    def __init__(self, choices: Choices, functions: list[str]) -> None:
        super().__init__(choices)
        self.functions = functions

    def block(self, names: Names, place: Place, least: int = 1) -> Lines:
        """Some statements."""
        lines: Lines = []
        for _ in range(least + self.choices.below(4 if place.depth < 2 else 2)):
            lines += self.statement(names, place)
        return lines

    def statement(self, names: Names, place: Place) -> Lines:
        number = self.choices.below(100)
        if number < 26:
            return self.read(names)
        if number < 46:
            return self.use(names, place)
        if number < 66:
            return self.change(names)
        if number < 74:
            return self.fail(names)
        if number < 84:
            return self.leave(names, place)
        if place.depth >= 3:
            return self.use(names, place)
        return self.compound(names, place)

    def use(self, names: Names, place: Place) -> Lines:
        if place.is_generator and self.choices.chance(40):
            return [f"yield {self.result(names)}"]
        value = self.value(names)
        number = self.choices.below(12)
        if number < 4:
            return [f"print({value})"]
        if number < 7:
            return [f"out.append({value})"]
        if number == 7 and self.functions:
            return [f"out.append({self.choices.pick(*self.functions)}(key, flag))"]
        if number == 8:
            closure = self.fresh("read")
            return [f"{closure} = lambda: {value}", f"print({closure}())"]
        if number == 9:
            return ['print("""in', "  several", 'rows""")', f"# {value}"] if self.choices.chance(50) else [f"print({value})  # {value}"]
        if number == 10:
            return [f"print(", f"    {value},", f"    key", ")"]  # noqa: F541  (three lines of one statement)
        target = self.fresh("n")
        names.held["plain"].append(target)
        return [f"{target} = {value}"]

    def leave(self, names: Names, place: Place) -> Lines:
        """A way out, mostly under a condition."""
        if place.in_loop and self.choices.chance(60):
            out = self.choices.pick("continue", "break")
        elif place.may_return:
            out = "return" if place.is_generator else f"return {self.result(names)}"
        else:
            return self.use(names, place)
        condition = self.choices.pick("flag", "key > 1", "not flag", *(f"{name} is None" for name in names.held["book"]), "")
        return [f"if {condition}:", f"    {out}"] if condition else [out]

    # -- compound statements ----------------------------------------------------------------------------------------

    def compound(self, names: Names, place: Place) -> Lines:
        number = self.choices.below(14)
        if number < 3:
            lines = [f"if {self.choices.pick('flag', 'key == 1', 'not flag')}:", *indented(self.block(names.copy(), place.deeper()))]
            if self.choices.chance(50):
                lines += ["else:", *indented(self.block(names.copy(), place.deeper()))]
            return lines
        if number < 5:
            return self.loop(names, place)
        if number < 9:
            return self.attempt(names, place)
        if number == 9:
            return self.nested(names)
        if number == 10:
            first, second = (indented(indented(self.block(names.copy(), place.deeper()))) for _ in range(2))
            return ["match key:", "    case 1:", *first, f"    case {self.choices.pick('_', 'other', '2')}:", *second]
        return self.context(names, place)

    def context(self, names: Names, place: Place) -> Lines:
        s = names.session
        head = self.choices.pick(
            f"with {s}.begin_nested():",
            "with suppress(ValueError):",
            "with suppress(Exception):",
            f"with {s}.no_autoflush:",
            f"with audited({s}):",
            "with logged():",
            f"with {s}.begin():",
        )
        return [head, *indented(self.block(names.copy(), place.deeper()))]

    def loop(self, names: Names, place: Place) -> Lines:
        inner = names.copy()
        if names.held["books"] and self.choices.chance(50):
            target = self.fresh("book")
            inner.held["book"].append(target)
            head = f"for {target} in {self.choices.pick(*names.held['books'])}:"
        else:
            queries = f"for each in {names.session}.query(Book).order_by(Book.id):"
            head = self.choices.pick("for key in (1, 2):", queries, "while flag:", "for number in range(2):")
            if head == queries:
                inner.held["book"].append("each")
        lines = [head, *indented(self.block(inner, place.deeper(in_loop=True)))]
        if head == "while flag:":
            lines.insert(1, "    flag = False")
        if self.choices.chance(15):
            lines += ["else:", *indented(self.block(names.copy(), place.deeper()))]
        return lines

    def attempt(self, names: Names, place: Place) -> Lines:
        """A `try` that has nothing to do with closing the session."""
        inner = names.copy()
        lines = ["try:", *indented(self.block(inner, place.deeper()))]
        if self.choices.chance(85):
            lines += self.handlers(names, place)
            if self.choices.chance(20):
                lines += ["else:", *indented(self.block(inner.copy(), place.deeper()))]
        else:
            lines += ["finally:", *indented(self.block(names.copy(), place.deeper(may_return=False, in_loop=False)))]
        if self.choices.chance(40):
            names.learn(inner)
        return lines

    def handlers(self, names: Names, place: Place) -> Lines:
        types = self.choices.pick(
            "Exception;",
            "ValueError",
            "IntegrityError",
            "SQLAlchemyError",
            "AppError;Exception",
            "ValueError;SQLAlchemyError",
            "(ValueError, IntegrityError)",
            "BaseException",
            "NoResultFound;AttributeError",
            "",
        )
        lines: Lines = []
        for type in types.removesuffix(";").split(";"):
            head = f"except {type} as error:" if type else "except:"
            lines += [head, *indented(self.handler(names.copy(), place, "type(error).__name__" if type else "'any'"))]
        return lines

    def handler(self, names: Names, place: Place, shown: str) -> Lines:
        lines: Lines = []
        if self.choices.chance(50):
            lines.append(f"{names.session}.rollback()")
        if self.choices.chance(50):
            lines.append(self.choices.pick(f"print({shown})", f"out.append({shown})", "pass"))
        if self.choices.chance(20):
            lines += self.block(names, place.deeper())
        end = self.choices.pick("", "raise", "return", "return", "raise AppError('translated')")
        if end == "return":
            can = place.may_return and not place.is_generator
            end = f"return {self.choices.pick('None', repr('failed'), 'out', '-1')}" if can else ""
        lines += [end] if end else []
        return lines or ["pass"]

    def nested(self, names: Names) -> Lines:
        """A function in the function that uses the session, called or handed out."""
        name = self.fresh("inner")
        is_generator = self.choices.chance(25)
        body = self.block(names.copy(), Place(depth=3, may_return=not is_generator), 1)
        if is_generator:
            body = [f"yield {self.value(names)}", *body]
            call = self.choices.pick(f"out.extend({name}())", f"for each in {name}(): print(each)", f"out.append({name}())")
        else:
            call = self.choices.pick(f"out.append({name}())", f"{name}()", f"out.append({name})")
        head, colon, tail = call.partition(": ")
        calls = [f"{head}:", f"    {tail}"] if colon else [call]
        return [f"def {name}(key=key, flag=flag):", *indented(body), *calls]
