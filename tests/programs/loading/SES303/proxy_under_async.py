"""An association proxy and a property that counts it: both end in an unloaded relationship, though the query loads another one."""
# case: outcome=MissingGreenlet
from sqlalchemy import Column, ForeignKey, Integer, String, select
from sqlalchemy.ext.associationproxy import association_proxy
from sqlalchemy.ext.asyncio import AsyncSession, create_async_engine
from sqlalchemy.orm import declarative_base, relationship, selectinload, sessionmaker
from sqlalchemy.pool import StaticPool

engine = create_async_engine("sqlite+aiosqlite://", poolclass=StaticPool)
Session = sessionmaker(bind=engine, class_=AsyncSession)
Base = declarative_base()


class Course(Base):
    __tablename__ = "course"
    id = Column(Integer, primary_key=True)
    title = Column(String(40))
    seats = relationship("Seat")
    tutors = relationship("Tutor")
    students = association_proxy("seats", "student")

    @property
    def attendance(self):
        return len(self.students)  # expect: SES303


class Tutor(Base):
    __tablename__ = "tutor"
    id = Column(Integer, primary_key=True)
    course_id = Column(ForeignKey("course.id"))
    surname = Column(String(40))


class Seat(Base):
    __tablename__ = "seat"
    id = Column(Integer, primary_key=True)
    course_id = Column(ForeignKey("course.id"))
    student = Column(String(40))


async def courses(session):
    result = await session.execute(select(Course).options(selectinload(Course.tutors)))
    return result.scalars().all()


async def timetable():
    async with Session() as session:
        rows = []
        for course in await courses(session):
            taught_by = [tutor.surname for tutor in course.tutors]
            rows.append((course.title, taught_by, course.attendance))  # allow: SES303
        return rows


async def main():
    async with engine.begin() as connection:
        await connection.run_sync(Base.metadata.create_all)
    async with Session() as session:
        session.add(Course(title="Knots", tutors=[Tutor(surname="Ray")], seats=[Seat(student="Bo")]))
        await session.commit()
    print(await timetable())
