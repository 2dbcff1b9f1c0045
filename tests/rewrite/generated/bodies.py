"""Statements of generated functions: reads, changes, failures, ways out, and blocks of them. Entry point: `Bodies.block`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace

Lines = list[str]


def indented(lines: Lines) -> Lines:
    """The lines, one level deeper."""
    return ["    " + line for line in lines]


class Choices:
    """Decides between possibilities, the simplest of which come first; `below(n)` gives a number from 0 to n - 1."""

    def __init__(self, below: Callable[[int], int]) -> None:
        self.below = below

    def pick(self, *options: str) -> str:
        return options[self.below(len(options))]

    def chance(self, percent: int) -> bool:
        """True in about so many of a hundred cases."""
        return self.below(100) >= 100 - percent


@dataclass
class Names:
    """What the variables in reach hold. `books` are lists of books, `plain` numbers and strings, `lazy` queries and generators."""

    session: str
    book: list[str] = field(default_factory=list)
    author: list[str] = field(default_factory=list)
    books: list[str] = field(default_factory=list)
    plain: list[str] = field(default_factory=lambda: ["key"])
    lazy: list[str] = field(default_factory=list)

    def copy(self, session: str = "") -> Names:
        names = replace(self, session=session or self.session)
        for kind in ("book", "author", "books", "plain", "lazy"):
            setattr(names, kind, list(getattr(self, kind)))
        return names


@dataclass(frozen=True)
class Place:
    """Where a block stands: how deep, in a loop or a generator or not, and whether `return` may stand there."""

    depth: int = 0
    in_loop: bool = False
    is_generator: bool = False
    may_return: bool = True
    error: str = ""

    def deeper(self, **changes: bool | str) -> Place:
        return replace(self, depth=self.depth + 1, **changes)


class Bodies:
    """Makes statements; `functions` are those of the module that may be called."""

    def __init__(self, choices: Choices, functions: list[str]) -> None:
        self.choices, self.functions = choices, functions
        self.count = 0

    def fresh(self, stem: str) -> str:
        self.count += 1
        return f"{stem}{self.count}"

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
        if number < 68:
            return self.change(names)
        if number < 76:
            return self.fail(names)
        if number < 86:
            return self.leave(names, place)
        if place.depth >= 3:
            return self.use(names, place)
        return self.compound(names, place)

    # -- statements of one line -------------------------------------------------------------------------------------

    def read(self, names: Names) -> Lines:
        s, pick = names.session, self.choices.pick
        kind = pick("book", "books", "plain", "author", "book", "books", "plain", "lazy")
        if kind == "book" and names.books and self.choices.chance(20):
            expression = f"{pick(*names.books)}[0]"
        elif kind == "book":
            expression = pick(
                f"{s}.get(Book, key)",
                f"{s}.query(Book).filter_by(id=key).first()",
                f"{s}.query(Book).filter(Book.id == key).one()",
                f"load({s}, key)",
                f"{s}.execute(select(Book).where(Book.id == key)).scalar_one_or_none()",
                f"{s}.merge(Book(id=key, title='merged'))",
                f"next(iter({s}.query(Book).order_by(Book.id)), None)",
                "Book(title='loose', price=3)",
            )
        elif kind == "books":
            expression = pick(
                f"{s}.query(Book).order_by(Book.id).all()",
                f"{s}.scalars(select(Book).order_by(Book.id)).all()",
                f"list({s}.query(Book).filter(Book.id < key + 2).order_by(Book.id))",
                f"[b for b in {s}.query(Book).order_by(Book.id) if b.price]",
            )
        elif kind == "author":
            expression = f"{pick(*names.book)}.author" if names.book and self.choices.chance(50) else f"{s}.get(Author, 1)"
        elif kind == "lazy":
            expression = pick(
                f"{s}.query(Book).order_by(Book.id)",
                f"{s}.scalars(select(Book.title))",
                f"(b.title for b in {s}.query(Book).order_by(Book.id))",
            )
        else:
            expression = self.plain_read(names)
        target = self.fresh({"book": "book", "books": "books", "plain": "n", "author": "author", "lazy": "lazy"}[kind])
        getattr(names, kind).append(target)
        return [f"{target} = {expression}"]

    def plain_read(self, names: Names) -> str:
        s = names.session
        return self.choices.pick(
            f"{s}.query(Book).count()",
            f"count_books({s})",
            f"{s}.query(Book.title).filter_by(id=key).scalar()",
            f"{s}.execute(text('select title from books order by id')).scalars().all()",
            f"{s}.execute(select(func.count(Book.id))).scalar()",
            f"[row.title for row in {s}.query(Book.title, Book.price).order_by(Book.id)]",
            f"{s}.is_active",
            f"len({s}.new) + len({s}.dirty)",
        )

    def value(self, names: Names) -> str:
        """An expression that looks into what is there."""
        kinds = [kind for kind in ("plain", "book", "author", "books", "lazy") if getattr(names, kind)]
        kind = self.choices.pick(*kinds)
        name = self.choices.pick(*reversed(getattr(names, kind)))
        if kind == "book":
            return self.choices.pick(
                f"{name}.title",
                f"{name}.price",
                f"{name}.author.name",
                f"{name}.label()",
                f"{name}.notes",
                f"{name}.cost(2)",
                f"{name} is None",
                f"getattr({name}, 'price')",
                f"f'{{{name}.title}}'",
                f"{name}.author.first.title",
            )
        if kind == "author":
            return self.choices.pick(f"{name}.name", f"len({name}.books)", f"[b.title for b in {name}.books]", f"{name}.first.title")
        if kind == "books":
            return self.choices.pick(
                f"len({name})",
                f"[b.title for b in {name}]",
                f"{{b.id: b.author.name for b in {name}}}",
                f"{name}[0].title",
                f"sorted(b.price for b in {name})",
                f"any(b.price > 10 for b in {name})",
            )
        if kind == "lazy":
            return f"[str(getattr(each, 'price', each)) for each in {name}]"
        return self.choices.pick(name, f"str({name})", f"{name} if flag else 0")

    def use(self, names: Names, place: Place) -> Lines:
        if place.is_generator and self.choices.chance(40):
            return [f"yield {self.result(names)}"]
        value = self.value(names)
        number = self.choices.below(10)
        if number < 4:
            return [f"print({value})"]
        if number < 7:
            return [f"out.append({value})"]
        if number == 7 and self.functions:
            return [f"out.append({self.choices.pick(*self.functions)}(key, flag))"]
        if number == 8:
            closure = self.fresh("read")
            return [f"{closure} = lambda: {value}", f"print({closure}())"]
        target = self.fresh("n")
        names.plain.append(target)
        return [f"{target} = {value}"]

    def change(self, names: Names) -> Lines:
        s, pick = names.session, self.choices.pick
        number = self.choices.below(20)
        if number < 7:
            return [f"{s}.commit()"]
        if number < 11 and names.book:
            name = pick(*names.book)
            change = pick(
                f"{name}.title = 'changed'",
                f"{name}.price += 1",
                f"{s}.delete({name})",
                f"{name}.rename('renamed')",
                f"{s}.add({name})",
                f"{s}.refresh({name})",
                f"{s}.expunge({name})",
                f"setattr({name}, 'price', 7)",
                f"{name}.title = 'Two'",
                f"keep({name})",
            )
            return [change]
        if number == 11 and names.author:
            name = pick(*names.author)
            return [
                pick(
                    f"{name}.name = 'nobody'",
                    f"{name}.write('more')",
                    f"{name}.books.append(Book(title='of {name}'))",
                    f"{name}.books.clear()",
                )
            ]
        if number == 12 and names.books:
            return [f"for each in {pick(*names.books)}:", "    each.price = 0"]
        return [
            pick(
                f"{s}.add(Book(title='new', price=1))",
                f"{s}.add(Book(title='Two', price=1))",
                f"{s}.flush()",
                f"{s}.rollback()",
                f"save({s}, 'saved')",
                f"finish({s})",
                f"{s}.execute(update(Book).where(Book.id == key).values(price=9))",
                f"{s}.query(Book).filter_by(id=key).update({{'price': 8}})",
                f"{s}.query(Book).filter(Book.id == 2).delete()",
                f"{s}.add_all([Book(title='a'), Book(title='b')])",
                f"undo({s})",
                f"{s}.expire_all()",
                f"{s}.execute(text('update books set price = 4'))",
            )
        ]

    def fail(self, names: Names) -> Lines:
        pick = self.choices.pick
        text = pick(
            "check(key)",
            "if flag: raise AppError('flag')",
            "if key > 1: raise ValueError('key')",
            "int('x' if flag else '1')",
            f"{names.session}.execute(text('no such statement' if flag else 'select 1'))",
            "raise AppError('always')",
            f"if flag: {names.session}.add(Book(title='Two')); {names.session}.flush()",
        )
        if text.startswith("if ") and ";" not in text:
            head, _, tail = text.partition(": ")
            return [f"{head}:", f"    {tail}"]
        if ";" in text:
            head, _, tail = text.partition(": ")
            return [f"{head}:", *(f"    {part}" for part in tail.split("; "))]
        return [text]

    def result(self, names: Names) -> str:
        """What a function gives back."""
        number = self.choices.below(20)
        if number < 10:
            return self.value(names)
        if number < 12:
            return "out"
        tied = [*names.book, *names.books, *names.author, *names.lazy]
        if number < 16 and tied:
            name = self.choices.pick(*tied)
            return self.choices.pick(name, f"({name}, key)", f"{{'it': {name}}}", f"[{name}]")
        return self.choices.pick("None", f"{{'n': {self.value(names)}}}", "key", "'done'", names.session)

    def leave(self, names: Names, place: Place) -> Lines:
        """A way out, mostly under a condition."""
        if place.in_loop and self.choices.chance(60):
            out = self.choices.pick("continue", "break")
        elif place.may_return:
            out = "return" if place.is_generator else f"return {self.result(names)}"
        else:
            return self.use(names, place)
        condition = self.choices.pick("flag", "key > 1", "not flag", *(f"{name} is None" for name in names.book), "")
        return [f"if {condition}:", f"    {out}"] if condition else [out]

    # -- compound statements ----------------------------------------------------------------------------------------

    def compound(self, names: Names, place: Place) -> Lines:
        number = self.choices.below(12)
        inner = names.copy()
        if number < 3:
            lines = [f"if {self.choices.pick('flag', 'key == 1', 'not flag')}:", *indented(self.block(inner, place.deeper()))]
            if self.choices.chance(50):
                lines += ["else:", *indented(self.block(names.copy(), place.deeper()))]
            return lines
        if number < 5:
            return self.loop(names, place)
        if number < 9:
            return self.attempt(names, place)
        if number == 9:
            return self.nested(names)
        head = self.choices.pick(
            f"with {names.session}.begin_nested():",
            "with suppress(ValueError):",
            "with suppress(Exception):",
            f"with {names.session}.no_autoflush:",
        )
        return [head, *indented(self.block(inner, place.deeper()))]

    def loop(self, names: Names, place: Place) -> Lines:
        inner = names.copy()
        if names.books and self.choices.chance(50):
            target = self.fresh("book")
            inner.book.append(target)
            head = f"for {target} in {self.choices.pick(*names.books)}:"
        else:
            head = self.choices.pick("for key in (1, 2):", f"for each in {names.session}.query(Book).order_by(Book.id):", "while flag:")
            if head.startswith("for each"):
                inner.book.append("each")
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
            for kind in ("book", "author", "books", "plain", "lazy"):
                getattr(names, kind)[:] = getattr(inner, kind)
        return lines

    def handlers(self, names: Names, place: Place) -> Lines:
        lines: Lines = []
        types = self.choices.pick(
            "Exception", "ValueError", "IntegrityError", "SQLAlchemyError", "AppError,Exception", "ValueError,SQLAlchemyError"
        )
        for type in types.split(","):
            lines += [f"except {type} as error:", *indented(self.handler(names.copy(), place))]
        return lines

    def handler(self, names: Names, place: Place) -> Lines:
        s = names.session
        lines: Lines = []
        if self.choices.chance(50):
            lines.append(f"{s}.rollback()")
        if self.choices.chance(50):
            lines.append(self.choices.pick("print(type(error).__name__)", "out.append(str(error)[:20])", "pass"))
        if self.choices.chance(20):
            lines += self.block(names, place.deeper())
        end = self.choices.pick("", "raise", "return", "return", "raise AppError('translated') from error")
        if end == "return":
            can = place.may_return and not place.is_generator
            end = f"return {self.choices.pick('None', repr('failed'), 'out', '-1')}" if can else ""
        lines += [end] if end else []
        return lines or ["pass"]

    def nested(self, names: Names) -> Lines:
        """A function in the function that uses the session, called or handed out."""
        inner = names.copy()
        name = self.fresh("inner")
        body = self.block(inner, Place(depth=3), 1)
        inside = [f"def {name}(key=key, flag=flag):", *indented(body)]
        return [*inside, self.choices.pick(f"out.append({name}())", f"{name}()", f"out.append({name})")]
