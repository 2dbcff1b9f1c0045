"""Dataclass models whose relationships stay out of the repr: by attribute, by class, or because the class is an ordinary mapped one."""
# case: outcome=ok sqlalchemy=>=2.0
from __future__ import annotations

from typing import List, Optional

from sqlalchemy import ForeignKey, create_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, MappedAsDataclass, Session, mapped_column, relationship

ENGINE = create_engine("sqlite://")


class Base(DeclarativeBase):
    pass


class Editor(MappedAsDataclass, Base):
    __tablename__ = "editor"
    id: Mapped[int] = mapped_column(init=False, primary_key=True)
    name: Mapped[str]


class Issue(MappedAsDataclass, Base):
    __tablename__ = "issue"
    id: Mapped[int] = mapped_column(init=False, primary_key=True)
    number: Mapped[int]
    editor_id: Mapped[Optional[int]] = mapped_column(ForeignKey("editor.id"), init=False)
    editor: Mapped[Optional[Editor]] = relationship(repr=False, default=None)
    letters: Mapped[List[Letter]] = relationship(back_populates="issue", default_factory=list, repr=False)


class Letter(MappedAsDataclass, Base, repr=False):
    __tablename__ = "letter"
    id: Mapped[int] = mapped_column(init=False, primary_key=True)
    issue_id: Mapped[int] = mapped_column(ForeignKey("issue.id"), init=False)
    issue: Mapped[Issue] = relationship(back_populates="letters")


class Advert(Base):
    __tablename__ = "advert"
    id: Mapped[int] = mapped_column(primary_key=True)
    issue_id: Mapped[int] = mapped_column(ForeignKey("issue.id"))
    issue: Mapped[Issue] = relationship()


def main() -> None:
    Base.metadata.create_all(ENGINE)
    with Session(ENGINE) as session:
        issue = Issue(number=4, editor=Editor(name="Uma"))
        session.add_all([issue, Letter(issue=issue), Advert(issue=issue)])
        session.commit()
    with Session(ENGINE) as session:
        rows = [session.get(model, 1) for model in (Issue, Letter, Advert)]
    texts = [repr(row) for row in rows]
    assert texts[0] == "Issue(id=1, number=4, editor_id=1)"
