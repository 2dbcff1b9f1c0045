"""Annotated models: `__repr__` is made of a property, and the property of an association proxy's neighbour, a relationship."""
# case: outcome=DetachedInstanceError sqlalchemy=>=2.0
from __future__ import annotations

from typing import List, Optional

from sqlalchemy import ForeignKey, create_engine, select
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column, relationship

ENGINE = create_engine("sqlite://")


class Base(DeclarativeBase):
    def __repr__(self) -> str:
        return f"<{type(self).__name__}>"


class Patent(Base):
    __tablename__ = "patent"
    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str]
    claims: Mapped[List[Claim]] = relationship(back_populates="patent", order_by="Claim.id")

    @property
    def headline(self) -> str:
        first = next(iter(self.claims), None)  # expect: SES401  # allow: SES301
        return first.text if first else "no claims"

    def __repr__(self) -> str:
        return f"<Patent {self.number}: {self.headline}>"


class Claim(Base):
    __tablename__ = "claim"
    id: Mapped[int] = mapped_column(primary_key=True)
    text: Mapped[str]
    patent_id: Mapped[Optional[int]] = mapped_column(ForeignKey("patent.id"))
    patent: Mapped[Optional[Patent]] = relationship(back_populates="claims")


def newest() -> Patent:
    with Session(ENGINE) as session:
        return session.scalars(select(Patent).order_by(Patent.id.desc())).first()


def main() -> None:
    Base.metadata.create_all(ENGINE)
    assert repr(Claim(text="x")) == "<Claim>"
    with Session(ENGINE) as session:
        session.add(Patent(number="EP1", claims=[Claim(text="a wheel")]))
        session.commit()
    print(repr(newest()))  # allow: SES301
