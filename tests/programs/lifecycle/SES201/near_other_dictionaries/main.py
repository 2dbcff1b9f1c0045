"""Sessions go into a dictionary of the request and into the session's own info; Streamlit's state gets a factory, a count and an engine."""
# case: outcome=ok
import streamlit as st
from sqlalchemy import Column, Integer, String, create_engine, func, select
from sqlalchemy.orm import declarative_base, sessionmaker
from sqlalchemy.pool import QueuePool

ENGINE = create_engine("sqlite://", poolclass=QueuePool)
Base = declarative_base()


class Walk(Base):
    __tablename__ = "walks"
    id = Column(Integer, primary_key=True)
    place = Column(String(30))


def setup():
    st.session_state.setdefault("maker", sessionmaker(bind=ENGINE))
    st.session_state["engine"] = ENGINE
    st.session_state.db = None


def page(place):
    context = {"place": place}
    with st.session_state["maker"]() as session:
        context["session"] = session
        session.info["context"] = place
        add(**context)
        st.session_state.walks = session.execute(select(func.count(Walk.id))).scalar()
        st.session_state.update(place=place, session=f"{len(place)} letters")


def add(place, session):
    session.add(Walk(place=place))
    session.commit()


def main():
    Base.metadata.create_all(ENGINE)
    setup()
    page("park")
    assert st.session_state.walks == 1 and st.session_state.db is None
    assert ENGINE.pool.checkedout() == 0
