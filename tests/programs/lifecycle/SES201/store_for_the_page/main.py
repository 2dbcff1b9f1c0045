"""A Streamlit page keeps its session as an attribute, and a login helper in another module writes the session it is given under a computed key."""
# case: outcome=ok
import streamlit as st
from sqlalchemy import Column, Integer, String, create_engine, select
from sqlalchemy.orm import declarative_base, sessionmaker
from sqlalchemy.pool import StaticPool

from signin import remember

ENGINE = create_engine("sqlite://", poolclass=StaticPool, connect_args={"check_same_thread": False})
SessionLocal = sessionmaker(bind=ENGINE)
Base = declarative_base()


class Garden(Base):
    __tablename__ = "gardens"
    id = Column(Integer, primary_key=True)
    name = Column(String(30))


def page():
    with SessionLocal() as db:
        st.session_state.current_db = db  # expect: SES201
        remember("admin", db)
        return db.execute(select(Garden.name)).scalars().all()


def main():
    Base.metadata.create_all(ENGINE)
    assert page() == []
    assert set(st.session_state) == {"current_db", "role", "admin_db"}
