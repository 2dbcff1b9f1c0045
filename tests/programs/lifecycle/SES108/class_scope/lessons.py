from sqlalchemy import Column, Integer, String, delete, select
from sqlalchemy.orm import declarative_base

Base = declarative_base()


class Lesson(Base):
    __tablename__ = "lessons"
    id = Column(Integer, primary_key=True)
    name = Column(String(20))
    hour = Column(Integer)


class Timetable:
    def __init__(self, work):
        self.work = work

    def plan(self, name, hour):
        with self.work() as session:
            session.add(Lesson(name=name, hour=hour))
            session.commit()  # expect: SES108

    def cancel(self, name):
        with self.work() as session:
            session.execute(delete(Lesson).where(Lesson.name == name))

    def names(self):
        with self.work() as session:
            found = session.execute(select(Lesson.name)).scalars().all()
            session.close()  # expect: SES108
            return found
