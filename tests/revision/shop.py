"""A small application with an old leak, which reads what it loaded; an edit of its models breaks its readers."""

from __future__ import annotations

MODELS = """\
from sqlalchemy import ForeignKey, create_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship, sessionmaker

engine = create_engine("sqlite://")
SessionLocal = sessionmaker(engine, expire_on_commit=False)


class Base(DeclarativeBase):
    pass


class User(Base):
    __tablename__ = "user"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    orders: Mapped[list["Order"]] = relationship(
        lazy="selectin",
    )


class Order(Base):
    __tablename__ = "order"
    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
"""
READERS = """\
from models import SessionLocal, User


def user_of(key):
    with SessionLocal() as session:
        return session.get(User, key)


def numbers(key):
    user = user_of(key)
    return [order.id for order in user.orders]
"""
LEAK = """\
from models import SessionLocal


def names():
    session = SessionLocal()
    return session.execute("names").all()
"""
LAZY = MODELS.replace('lazy="selectin"', 'lazy="select"')
