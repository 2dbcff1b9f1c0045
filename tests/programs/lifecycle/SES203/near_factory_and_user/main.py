"""The pages read a factory, a user's name and a plain object called session from Streamlit's state; database sessions come from the factory."""
# case: outcome=ok
import streamlit as st
from sqlalchemy import Column, Integer, String, create_engine, func, select
from sqlalchemy.orm import Session, declarative_base, sessionmaker
from sqlalchemy.pool import QueuePool

ENGINE = create_engine("sqlite://", poolclass=QueuePool)
Base = declarative_base()


class Boat(Base):
    __tablename__ = "boats"
    id = Column(Integer, primary_key=True)
    name = Column(String(20))


class Visit:
    def __init__(self, user):
        self.user = user
        self.pages = []


def start(user):
    st.session_state.open_db = sessionmaker(bind=ENGINE)
    st.session_state.session = Visit(user)


def count(session: Session) -> int:
    return session.execute(select(func.count(Boat.id))).scalar()


def boats_page(name):
    visit = st.session_state.session
    visit.pages.append("boats")
    open_db = st.session_state["open_db"]
    with open_db() as session:
        session.add(Boat(name=f"{visit.user}'s {name}"))
        session.commit()
        return count(session)


def main():
    Base.metadata.create_all(ENGINE)
    start("Ida")
    assert boats_page("Anna") == 1 and boats_page("Berta") == 2
    assert st.session_state.session.pages == ["boats", "boats"]
    assert ENGINE.pool.checkedout() == 0
