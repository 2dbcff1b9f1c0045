"""A wizard in several steps keeps the rows it works on in Streamlit's state: one, a list of them, and a dictionary of them."""
# case: outcome=ok
import streamlit as st
from sqlalchemy import Column, Integer, String, create_engine, inspect, select
from sqlalchemy.orm import declarative_base, sessionmaker
from sqlalchemy.pool import StaticPool

ENGINE = create_engine("sqlite://", poolclass=StaticPool, connect_args={"check_same_thread": False})
SessionLocal = sessionmaker(bind=ENGINE)
Base = declarative_base()


class Course(Base):
    __tablename__ = "courses"
    id = Column(Integer, primary_key=True)
    name = Column(String(30))


def choose(course_id):
    with SessionLocal() as session:
        course = session.get(Course, course_id)
        st.session_state["course"] = course  # expect: SES202
        st.session_state["course_id"] = course_id


def offer():
    with SessionLocal() as session:
        courses = session.execute(select(Course)).scalars().all()
        st.session_state.update(offered=[course for course in courses if course.id > 1])  # expect: SES202
        st.session_state.by_name = {course.name: course for course in courses}  # expect: SES202
        st.session_state.names = sorted(course.name for course in courses)


def main():
    Base.metadata.create_all(ENGINE)
    with SessionLocal() as session:
        session.add_all([Course(name="Latin"), Course(name="Greek")])
        session.commit()
    choose(1)
    offer()
    assert inspect(st.session_state.course).detached
    assert st.session_state.names == ["Greek", "Latin"]
