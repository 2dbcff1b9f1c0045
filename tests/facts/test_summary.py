"""The summary of a file says what its bodies hold."""

from __future__ import annotations

import textwrap

from sessionlint.capture import capture, capture_template
from sessionlint.facts import FileFacts, FileSummary, mentioned, summarized, summary_of


def summary(source: str) -> FileSummary:
    facts = capture(textwrap.dedent(source).encode())
    assert facts.summary is not None
    return facts.summary


def mentions(found: FileSummary, index: int) -> list[tuple[str, str]]:
    return [found.mentions[number] for number in found.functions[index].mentions]


def test_body_decorators_and_signature_are_mentioned() -> None:
    found = summary("""
        @app.route(PATH)
        def view(session: orm.Session = default) -> Page:
            total: Decimal = session.query(User).all()
            return [row.name for row in total if row]
    """)
    assert mentions(found, 0) == []
    assert mentions(found, 1) == [
        ("", "Decimal"),
        ("", "PATH"),
        ("", "Page"),
        ("", "User"),
        ("", "app"),
        ("", "default"),
        ("", "orm"),
        ("", "row"),
        ("", "session"),
        ("", "total"),
        ("*", "all"),
        ("app", "route"),
        ("orm", "Session"),
        ("row", "name"),
        ("session", "query"),
    ]


def test_what_a_body_binds_by_itself() -> None:
    found = summary("""
        import os.path
        def outer():
            global cached, other
            from a import b as c
            try:
                import d.e
            except ImportError:
                class Inner: ...
            def nested():
                nonlocal_ = getattr(manager, "get_session")()
            return c
    """)
    module, outer, nested = found.functions
    assert (module.defined, module.declared, module.has_imports) == (("os", "outer"), (), True)
    assert (outer.defined, outer.declared, outer.has_imports) == (("Inner", "c", "d", "nested"), ("cached", "other"), True)
    assert (nested.defined, nested.has_imports, nested.called) == ((), False, ("get_session",))


def test_assignments_to_attributes_of_locals_add_nothing() -> None:
    found = summary("""
        def one(user):
            user.orders = relationship()
        def two():
            User.orders = relationship()
        def three():
            models.User.orders = relationship()
        def four():
            User.name = text
    """)
    assert [function.adds for function in found.functions[1:]] == [False, True, True, False]


def test_a_function_that_hands_on_what_a_call_returns() -> None:
    found = summary("""
        def one():
            return make()
        def two():
            if x:
                return make()
        def three():
            return made
    """)
    assert [function.hands_on for function in found.functions[1:]] == [True, False, False]


def test_other_names_of_names() -> None:
    found = summary("""
        from a import get_session as acquire
        take = manager.get_session
        Local = scoped_session(sessionmaker(bind=engine))
        def factory(given: Maker):
            self.one, two = Local or Other, [given]
            return Local
        class Holder:
            sessions: Factory = None
    """)
    assert dict(found.aliases) == {
        "Factory": ("sessions",),
        "Local": ("factory", "one", "two"),
        "Maker": ("given",),
        "Other": ("one", "two"),
        "get_session": ("take",),
        "given": ("one", "two"),
        "scoped_session": ("Local",),
        "sessionmaker": ("Local",),
    }
    assert found.renamed == (("get_session", "acquire"), ("get_session", "take"))


def test_classes_mention_what_is_in_them() -> None:
    found = summary("""
        @decorated
        class User(db.Model):
            name = Column(String)
    """)
    assert [found.mentions[number] for number in found.classes[0]] == [
        ("", "Column"),
        ("", "String"),
        ("", "db"),
        ("", "decorated"),
        ("", "name"),
        ("db", "Model"),
    ]


def test_templates_have_one_as_well() -> None:
    facts = capture_template(b"{% for order in user.orders %}{{ order.id }}{% endfor %}")
    assert facts.summary is not None
    assert ("user", "orders") in facts.summary.mentions


def test_facts_that_no_capture_made_are_summarized_when_asked_for() -> None:
    facts = capture(b"def f():\n    return g()\n")
    bare = FileFacts(facts.functions, facts.classes, facts.suppressions, None)
    assert bare.summary is None
    assert summary_of(bare) == facts.summary == summarized(facts.functions, facts.classes)


def test_every_part_of_an_operation_is_looked_at() -> None:
    facts = capture(
        textwrap.dedent("""
        async def f():
            match a:
                case B(c=d) if e: f1
            async with g as h, i: j
            try: k
            except L as m: n
            else: o
            finally: p
            [q async for r in s if t]
            u if v else w
            (x := y) and not z
            {aa: ab, **ac}
            ad[ae:af]
            raise ag from ah
            assert ai, aj
            del ak
            yield al
            await am
            f"{an!r}"
            lambda: ao
            ap(*aq, ar=as_)
            at: au
            av += aw
            ax < ay
            while az: ba
            else: bb
            """).encode()
    )
    assert {name for _, name in mentioned(facts.functions[1].body)} == {
        *("B", "L", "a", "aa", "ab", "ac", "ad", "ae", "af", "ag", "ah", "ai", "aj", "ak", "al", "am", "an", "ap", "aq", "as_", "at", "au"),
        *("av", "aw", "ax", "ay", "az", "ba", "bb", "e", "f1", "g", "h", "i", "j", "k", "n", "o", "p", "q", "r", "s", "t", "u", "v", "w"),
        *("y", "z"),
    }
