"""The page, which nobody hands a session, reads the identity once and passes it on; the helpers read other keys of the state only."""
# case: outcome=ok
import streamlit as st
from sqlalchemy import Column, Integer, String, create_engine, select
from sqlalchemy.orm import Session, declarative_base
from sqlalchemy.pool import QueuePool

ENGINE = create_engine("sqlite://", poolclass=QueuePool)
Base = declarative_base()


class Post(Base):
    __tablename__ = "posts"
    id = Column(Integer, primary_key=True)
    author_id = Column(Integer)
    title = Column(String(60))


def write(session: Session, author_id: int, title: str) -> None:
    session.add(Post(author_id=author_id, title=title))
    session.commit()


def titles(session: Session, author_id: int) -> list:
    order = Post.title if st.session_state.get("order") == "title" else Post.id
    stmt = select(Post.title).where(Post.author_id == author_id).order_by(order)
    return list(session.execute(stmt).scalars())


def page():
    user_id = st.session_state.user_id
    with Session(ENGINE) as session:
        write(session, user_id, "b")
        write(session, user_id, "a")
        return titles(session, user_id)


def main():
    Base.metadata.create_all(ENGINE)
    st.session_state.user_id = 3
    st.session_state.order = "title"
    assert page() == ["a", "b"]
    assert ENGINE.pool.checkedout() == 0
