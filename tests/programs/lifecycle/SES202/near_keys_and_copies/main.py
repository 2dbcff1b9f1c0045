"""What Streamlit's state keeps is no row: primary keys, dictionaries, a named tuple, plain objects of a class that only sounds mapped."""
# case: outcome=ok
from collections import namedtuple

import streamlit as st
from sqlalchemy import Column, Integer, String, create_engine, select
from sqlalchemy.orm import declarative_base, sessionmaker
from sqlalchemy.pool import QueuePool

ENGINE = create_engine("sqlite://", poolclass=QueuePool)
SessionLocal = sessionmaker(bind=ENGINE)
Base = declarative_base()
CourseInfo = namedtuple("CourseInfo", "id name")


class Course(Base):
    __tablename__ = "courses"
    id = Column(Integer, primary_key=True)
    name = Column(String(30))

    def as_info(self):
        return CourseInfo(self.id, self.name)


class CourseForm:
    def __init__(self, course):
        self.title = course.name.upper()


def choose(course_id):
    with SessionLocal() as session:
        course = session.get(Course, course_id)
        st.session_state.course_id = course.id
        st.session_state["course"] = course.as_info()
        st.session_state["form"] = CourseForm(course)
        st.session_state.update(row={"id": course.id, "name": course.name})
        st.session_state.rows = session.execute(select(Course.id, Course.name)).all()
        st.session_state.ids = [found.id for found in session.execute(select(Course)).scalars()]


def main():
    Base.metadata.create_all(ENGINE)
    with SessionLocal() as session:
        session.add(Course(name="Latin"))
        session.commit()
    choose(1)
    state = st.session_state
    assert state.course.name == "Latin" and state.form.title == "LATIN" and state.row["id"] == 1
    assert [tuple(row) for row in state.rows] == [(1, "Latin")] and state.ids == [1]
    assert ENGINE.pool.checkedout() == 0
