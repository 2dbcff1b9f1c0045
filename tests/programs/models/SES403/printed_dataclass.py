"""The mixin makes dataclasses of all models; two relationships are written without `repr=False`, one of them with other arguments only."""
# case: outcome=ok sqlalchemy=>=2.0
from __future__ import annotations

from typing import List, Optional

from sqlalchemy import ForeignKey, create_engine, select
from sqlalchemy.orm import DeclarativeBase, Mapped, MappedAsDataclass, Session, mapped_column, relationship
from sqlalchemy.orm.exc import DetachedInstanceError

ENGINE = create_engine("sqlite://")


class Base(MappedAsDataclass, DeclarativeBase):
    pass


class Editor(Base):
    __tablename__ = "editor"
    id: Mapped[int] = mapped_column(init=False, primary_key=True)
    name: Mapped[str]


class Issue(Base):
    __tablename__ = "issue"
    id: Mapped[int] = mapped_column(init=False, primary_key=True)
    number: Mapped[int]
    editor_id: Mapped[Optional[int]] = mapped_column(ForeignKey("editor.id"), init=False)
    editor: Mapped[Optional[Editor]] = relationship(default=None)  # expect: SES403
    letters: Mapped[List[Letter]] = relationship(  # expect: SES403
        back_populates="issue",
        default_factory=list,
        cascade="all, delete-orphan",
    )


class Letter(Base):
    __tablename__ = "letter"
    id: Mapped[int] = mapped_column(init=False, primary_key=True)
    issue_id: Mapped[int] = mapped_column(ForeignKey("issue.id"), init=False)
    issue: Mapped[Issue] = relationship(back_populates="letters", repr=False)
    text: Mapped[str] = mapped_column(default="")


def issues() -> list[Issue]:
    with Session(ENGINE) as session:
        return list(session.scalars(select(Issue)))


def show() -> str:
    return ", ".join(str(issue.number) for issue in issues())


def main() -> None:
    Base.metadata.create_all(ENGINE)
    with Session(ENGINE) as session:
        session.add(Issue(number=4, editor=Editor(name="Uma")))
        session.commit()
    assert show() == "4"
    try:
        print(issues())  # allow: SES301
    except DetachedInstanceError:
        return
    raise AssertionError("the issues were printed")
