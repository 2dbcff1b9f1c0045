"""What generated functions read, look into, change and give back: templates in which `$s` is the session and `$x` the name looked into."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace

KINDS = ("book", "author", "books", "plain", "lazy", "rows")
"""What a name may hold: a book, an author, a list of books, a number or string, a query or generator, rows of several columns."""

READS = {
    "book": (
        "$s.get(Book, key)",
        "$s.query(Book).filter_by(id=key).first()",
        "$s.query(Book).filter(Book.id == key).one()",
        "load($s, key)",
        "$s.execute(select(Book).where(Book.id == key)).scalar_one_or_none()",
        "$s.scalar(select(Book).where(Book.id == key))",
        "$s.merge(Book(id=key, title='merged'))",
        "next(iter($s.query(Book).order_by(Book.id)), None)",
        "Book(title='loose', price=3)",
        "Shelf($s).book(key)",
        "$s.query(Book).options(joinedload(Book.author)).filter_by(id=key).first()",
        "max($s.query(Book), key=lambda each: each.price)",
        "$s.get(Book, key) or Book(title='none', price=0)",
    ),
    "books": (
        "$s.query(Book).order_by(Book.id).all()",
        "$s.scalars(select(Book).order_by(Book.id)).all()",
        "list($s.query(Book).filter(Book.id < key + 2).order_by(Book.id))",
        "[b for b in $s.query(Book).order_by(Book.id) if b.price]",
        "sorted($s.query(Book), key=lambda each: each.title)",
        "Shelf($s).books",
        "[row[0] for row in $s.execute(select(Book).order_by(Book.id))]",
        "$s.query(Book).join(Author).order_by(Book.id).all()",
    ),
    "plain": (
        "$s.query(Book).count()",
        "count_books($s)",
        "$s.query(Book.title).filter_by(id=key).scalar()",
        "$s.execute(text('select title from books order by id')).scalars().all()",
        "$s.execute(select(func.count(Book.id))).scalar()",
        "[row.title for row in $s.query(Book.title, Book.price).order_by(Book.id)]",
        "$s.is_active",
        "len($s.new) + len($s.dirty)",
        "Shelf($s).size()",
        "$s.in_transaction()",
        "{each.id: each.title for each in $s.query(Book).order_by(Book.id)}",
        "bool($s.query(Book).filter_by(id=key).first())",
        "$s.query(func.max(Book.price)).scalar()",
        "[each.author.name for each in $s.query(Book).filter(Book.author_id.isnot(None)).order_by(Book.id)]",
    ),
    "author": ("$s.get(Author, 1)", "$s.query(Author).options(selectinload(Author.books)).filter_by(id=1).one()"),
    "lazy": (
        "$s.query(Book).order_by(Book.id)",
        "$s.scalars(select(Book.title))",
        "(b.title for b in $s.query(Book).order_by(Book.id))",
        "map(lambda b: b.price, $s.query(Book).order_by(Book.id))",
        "$s.execute(select(Book.title, Book.price).order_by(Book.id))",
    ),
    "rows": (
        "$s.query(Book.title, Book.price).order_by(Book.id).all()",
        "$s.execute(select(Book.id, Book.title).order_by(Book.id)).all()",
        "$s.query(Book, Author).join(Author).order_by(Book.id).all()",
        "$s.execute(text('select id, title from books order by id')).fetchall()",
    ),
}  # fmt: skip
"""How each kind comes out of a session."""

LOOKS = {
    "book": (
        "$x.title",
        "$x.price",
        "$x.author.name",
        "$x.label()",
        "$x.notes",
        "$x.cost(2)",
        "$x is None",
        "getattr($x, 'price')",
        "f'{$x.title}'",
        "$x.author.first.title",
        "$x in $s",
        "$x.title if $x else 'none'",
        "$x and $x.price",
        "sorted(vars($x))[-1]",
        "describe($x)",
        "isinstance($x, Book)",
        "(lambda: $x.price)()",
        "$s.is_modified($x)",
        "inspect($x).detached",
    ),
    "author": ("$x.name", "len($x.books)", "[b.title for b in $x.books]", "$x.first.title", "describe($x.first)", "$x.books[0].price"),
    "books": (
        "len($x)",
        "[b.title for b in $x]",
        "{b.id: b.author.name for b in $x}",
        "$x[0].title",
        "sorted(b.price for b in $x)",
        "any(b.price > 10 for b in $x)",
        "bool($x)",
        "describe($x[-1])",
        "', '.join(b.title for b in $x)",
        "[b.author and b.author.name for b in $x]",
    ),
    "lazy": ("[str(getattr(each, 'price', each)) for each in $x]", "len(list($x))", "str(next(iter($x), None) is None)"),
    "plain": ("$x", "str($x)", "$x if flag else 0"),
    "rows": ("len($x)", "[row[0] for row in $x if not isinstance(row[0], Book)]", "str($x[0][1])[:3]", "[row._mapping for row in $x][:0]"),
}  # fmt: skip
"""What is seen of each kind; `describe` reads columns and a relationship."""

CHANGES = {
    "": (
        "$s.add(Book(title='new', price=1))",
        "$s.add(Book(title='Two', price=1))",
        "$s.flush()",
        "$s.rollback()",
        "save($s, 'saved')",
        "finish($s)",
        "$s.execute(update(Book).where(Book.id == key).values(price=9))",
        "$s.query(Book).filter_by(id=key).update({'price': 8})",
        "$s.query(Book).filter(Book.id == 2).delete()",
        "$s.add_all([Book(title='a'), Book(title='b')])",
        "undo($s)",
        "$s.expire_all()",
        "$s.execute(text('update books set price = 4'))",
        "$s.expunge_all()",
        "Shelf($s).add('put')",
        "$s.bulk_save_objects([Book(title='bulk')])",
        "$s.close()",
        "$s.execute(insert(Book).values(title='inserted'))",
        "$s.begin_nested().commit()",
        "$s.commit(); $s.add(Book(title='late'))",
    ),
    "book": (
        "$x.title = 'changed'",
        "$x.price += 1",
        "$s.delete($x)",
        "$x.rename('renamed')",
        "$s.add($x)",
        "$s.refresh($x)",
        "$s.expunge($x)",
        "setattr($x, 'price', 7)",
        "$x.title = 'Two'",
        "keep($x)",
        "$x.author = Author(name='new')",
        "$x.author_id = 2",
        "del $x",
        "$x.title, $x.price = 'pair', 0",
        "CACHE['book'] = $x",
        "out.append($x)",
        "$s.expire($x)",
        "discount($x)",
        "make_transient($x)",
    ),
    "author": ("$x.name = 'nobody'", "$x.write('more')", "$x.books.append(Book(title='of $x'))", "$x.books.clear()", "$s.delete($x)"),
    "books": ("$x[0].price = 0", "$x.reverse()", "out.extend($x)", "$x.pop().title = 'last'", "[discount(each) for each in $x]"),
}  # fmt: skip
"""What is done to the session itself (empty), and to each kind."""

FAILURES = (
    "check(key)",
    "if flag: raise AppError('flag')",
    "if key > 1: raise ValueError('key')",
    "int('x' if flag else '1')",
    "$s.execute(text('no such statement' if flag else 'select 1'))",
    "raise AppError('always')",
    "if flag: $s.add(Book(title='Two')); $s.flush()",
    "assert not flag, 'flag'",
    "$s.query(Book).filter_by(id=key + 90).one()",
)


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
    """The session's name, and what the variables in reach hold, by kind."""

    session: str
    held: dict[str, list[str]] = field(default_factory=lambda: {kind: ["key"] if kind == "plain" else [] for kind in KINDS})

    def copy(self, session: str = "") -> Names:
        return replace(self, session=session or self.session, held={kind: list(names) for kind, names in self.held.items()})

    def learn(self, inner: Names) -> None:
        """What a block inside knows is known outside too, whether or not it always ran."""
        for kind, names in inner.held.items():
            self.held[kind][:] = names

    def of(self, *kinds: str) -> list[str]:
        return [name for kind in kinds for name in self.held[kind]]


class Expressions:
    """Picks expressions and simple statements for what is in reach."""

    def __init__(self, choices: Choices) -> None:
        self.choices = choices
        self.count = 0

    def fresh(self, stem: str) -> str:
        self.count += 1
        return f"{stem}{self.count}"

    def filled(self, template: str, names: Names, name: str = "") -> str:
        return template.replace("$s", names.session).replace("$x", name)

    def read(self, names: Names) -> list[str]:
        """Something from the session gets a name."""
        pick = self.choices.pick
        kind = pick("book", "books", "plain", "author", "book", "books", "plain", "lazy", "rows")
        if kind == "book" and names.held["books"] and self.choices.chance(20):
            expression = f"{pick(*names.held['books'])}[0]"
        elif kind == "author" and names.held["book"] and self.choices.chance(50):
            expression = f"{pick(*names.held['book'])}.author"
        else:
            expression = self.filled(pick(*READS[kind]), names)
        target = self.fresh({"plain": "n"}.get(kind, kind))
        names.held[kind].append(target)
        if self.choices.chance(5):
            return [f"if ({target} := {expression}) is None:", "    out.append('nothing')"]
        return [f"{target} = {expression}"]

    def value(self, names: Names) -> str:
        """An expression that looks into what is there."""
        kind = self.choices.pick(*(kind for kind in ("plain", "book", "author", "books", "lazy", "rows") if names.held[kind]))
        return self.filled(self.choices.pick(*LOOKS[kind]), names, self.choices.pick(*reversed(names.held[kind])))

    def change(self, names: Names) -> list[str]:
        number = self.choices.below(20)
        if number < 7:
            return [f"{names.session}.commit()"]
        kinds = [kind for kind in ("book", "author", "books") if names.held[kind]]
        if number < 14 and kinds:
            kind = self.choices.pick(*kinds)
            return [self.filled(self.choices.pick(*CHANGES[kind]), names, self.choices.pick(*names.held[kind]))]
        return self.filled(self.choices.pick(*CHANGES[""]), names).split("; ")

    def fail(self, names: Names) -> list[str]:
        text = self.filled(self.choices.pick(*FAILURES), names)
        head, colon, tail = text.partition(": ")
        return [f"{head}:", *(f"    {part}" for part in tail.split("; "))] if colon else [text]

    def result(self, names: Names) -> str:
        """What a function gives back."""
        number = self.choices.below(20)
        if number < 10:
            return self.value(names)
        if number < 12:
            return "out"
        tied = names.of("book", "books", "author", "lazy", "rows")
        if number < 16 and tied:
            name = self.choices.pick(*tied)
            return self.choices.pick(name, f"({name}, key)", f"{{'it': {name}}}", f"[{name}]", f"({name} if flag else None)")
        return self.choices.pick(
            "None", f"{{'n': {self.value(names)}}}", "key", "'done'", names.session, f"[{self.value(names)}, len(out)]"
        )
