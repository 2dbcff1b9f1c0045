"""Six ways to tell a session not to expire on commit, each used once; what every one of them returns can be read after its close."""
# case: outcome=ok
from functools import partial

from sqlalchemy import Column, Integer, String, create_engine
from sqlalchemy.orm import Session, declarative_base, scoped_session, sessionmaker

ENGINE = create_engine("sqlite://")
Base = declarative_base()


class Sack(Base):
    __tablename__ = "sack"
    id = Column(Integer, primary_key=True)
    goods = Column(String(20))


class KeepingSession(Session):
    def __init__(self, *args, **options):
        options["expire_on_commit"] = False
        super().__init__(*args, **options)


SETTINGS = {"bind": ENGINE, "expire_on_commit": False}
configured = sessionmaker(ENGINE)
configured.configure(expire_on_commit=False)
by_partial = partial(Session, ENGINE, expire_on_commit=False)
by_settings = sessionmaker(**SETTINGS)
by_class = sessionmaker(ENGINE, class_=KeepingSession)
registry = scoped_session(sessionmaker(ENGINE, expire_on_commit=False))


def by_call():
    return configured(expire_on_commit=False)


def store(factory, goods):
    session = factory()
    try:
        sack = Sack(goods=goods)
        session.add(sack)
        session.commit()
        return sack
    finally:
        session.close()


def store_in_registry(goods):
    try:
        sack = Sack(goods=goods)
        registry.add(sack)
        registry.commit()
        return sack
    finally:
        registry.remove()


def main():
    Base.metadata.create_all(ENGINE)
    sacks = [store(factory, "oats") for factory in (configured, by_partial, by_settings, by_class, by_call)]
    sacks.append(store_in_registry("oats"))
    assert [sack.id for sack in sacks] == [1, 2, 3, 4, 5, 6]
    assert {sack.goods for sack in sacks} == {"oats"}
