"""Annotated model, the decorator by its module: the hybrid has a setter, but a setter does not make SQL of `next` over a collection."""
# case: outcome=ok sqlalchemy=>=2.0
from __future__ import annotations

from typing import List, Optional

from sqlalchemy import ForeignKey, create_engine
from sqlalchemy.ext import hybrid
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column, relationship

ENGINE = create_engine("sqlite://")


class Base(DeclarativeBase):
    pass


class Person(Base):
    __tablename__ = "person"
    id: Mapped[int] = mapped_column(primary_key=True)
    given: Mapped[str]
    family: Mapped[str]
    mails: Mapped[List[Mail]] = relationship()

    @hybrid.hybrid_property
    def main_mail(self) -> Optional[str]:  # expect: SES405
        return next((mail.address for mail in self.mails if mail.main), None)

    @main_mail.setter
    def main_mail(self, address: str) -> None:
        for mail in self.mails:
            mail.main = False
        self.mails.append(Mail(address=address, main=True))

    @hybrid.hybrid_property
    def known(self) -> bool:  # expect: SES405
        return any(mail.main for mail in self.mails)

    @hybrid.hybrid_property
    def name(self) -> str:
        return self.given + " " + self.family


class Mail(Base):
    __tablename__ = "mail"
    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    address: Mapped[str]
    main: Mapped[bool] = mapped_column(default=False)


def main() -> None:
    Base.metadata.create_all(ENGINE)
    with Session(ENGINE) as session:
        person = Person(given="Ada", family="Ray")
        person.main_mail = "ada@x.org"
        session.add(person)
        session.commit()
        found = session.query(Person).filter(Person.name == "Ada Ray").one()
        assert found.main_mail == "ada@x.org" and found.known
    for name in ("main_mail", "known"):
        try:
            getattr(Person, name)
        except Exception:
            continue
        raise AssertionError(name)
