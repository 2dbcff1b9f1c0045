"""One page stores the session, another fetches it back on the next rerun: what is in the state is a session because one was stored there."""
# case: outcome=ok
import streamlit as st
from sqlalchemy import Column, Integer, String, create_engine, func, select
from sqlalchemy.orm import declarative_base, sessionmaker
from sqlalchemy.pool import StaticPool

ENGINE = create_engine("sqlite://", poolclass=StaticPool, connect_args={"check_same_thread": False})
SessionLocal = sessionmaker(bind=ENGINE)
Base = declarative_base()


class Boat(Base):
    __tablename__ = "boats"
    id = Column(Integer, primary_key=True)
    name = Column(String(20))


def start():
    st.session_state.boats_db = SessionLocal()  # expect: SES201  # allow: SES102


def boats_page(name):
    db = st.session_state.boats_db  # expect: SES203
    db.add(Boat(name=name))
    db.commit()
    st.session_state.last_boat = name
    return db.execute(select(func.count(Boat.id))).scalar()


def main():
    Base.metadata.create_all(ENGINE)
    start()
    assert boats_page("Anna") == 1
    assert boats_page("Berta") == 2
    assert st.session_state.last_boat == "Berta"
