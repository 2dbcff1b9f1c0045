import streamlit as st
from sqlalchemy import Column, Integer, String, func, select
from sqlalchemy.orm import Session, declarative_base

Base = declarative_base()


class Post(Base):
    __tablename__ = "posts"
    id = Column(Integer, primary_key=True)
    author_id = Column(Integer)
    title = Column(String(60))


def write(session: Session, title: str) -> None:
    author_id = st.session_state.get("user_id")  # expect: SES204
    session.add(Post(author_id=author_id, title=title))
    session.commit()


def own_posts(session: Session) -> list:
    stmt = select(Post.title).where(Post.author_id == st.session_state.current_user_id)  # expect: SES204
    return list(session.execute(stmt).scalars())


def drafts(word: str, *, db: Session) -> int:
    owner = st.session_state["user_id"]  # expect: SES204
    return db.execute(select(func.count(Post.id)).where(Post.author_id == owner, Post.title.contains(word))).scalar()
