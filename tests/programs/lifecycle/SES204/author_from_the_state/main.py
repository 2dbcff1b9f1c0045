"""A blog's helpers get the session as a parameter and the author out of Streamlit's state: acting for somebody else is impossible."""
# case: outcome=ok
import streamlit as st
from sqlalchemy import create_engine
from sqlalchemy.orm import Session
from sqlalchemy.pool import StaticPool

from posts import Base, drafts, own_posts, write

ENGINE = create_engine("sqlite://", poolclass=StaticPool, connect_args={"check_same_thread": False})


def main():
    Base.metadata.create_all(ENGINE)
    st.session_state["user_id"] = 4
    st.session_state["current_user_id"] = 4
    with Session(ENGINE) as session:
        write(session, "for number 9")
        assert own_posts(session) == ["for number 9"]
        assert drafts("for", db=session) == 1
