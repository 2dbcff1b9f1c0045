"""The proxied relationship is loaded with the course, in one branch by an option, in the other by `refresh` with names."""
# case: outcome=ok sqlalchemy=>=2.0
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
    students = association_proxy("seats", "student")

    @property
    def attendance(self):
        return len(self.students)


class Seat(Base):
    __tablename__ = "seat"
    id = Column(Integer, primary_key=True)
    course_id = Column(ForeignKey("course.id"))
    student = Column(String(40))


async def by_option(session, pk):
    result = await session.execute(select(Course).where(Course.id == pk).options(selectinload(Course.seats)))
    return result.scalar_one()


async def by_refresh(session, pk):
    course = await session.get(Course, pk)
    await session.refresh(course, ["seats"])
    return course


async def attendance(pk, careful):
    async with Session() as session:
        course = await (by_option(session, pk) if careful else by_refresh(session, pk))
        return course.title, course.attendance


async def main():
    async with engine.begin() as connection:
        await connection.run_sync(Base.metadata.create_all)
    async with Session() as session:
        session.add(Course(title="Knots", seats=[Seat(student="Bo"), Seat(student="Al")]))
        await session.commit()
    assert await attendance(1, True) == await attendance(1, False) == ("Knots", 2)
