"""An async service merges what the form gave it, drops the result, and then stamps the form's object: the stamp is never stored."""
# case: outcome=ok
from sqlalchemy import Column, Integer, String
from sqlalchemy.ext.asyncio import AsyncSession, create_async_engine
from sqlalchemy.orm import declarative_base, sessionmaker
from sqlalchemy.pool import StaticPool

engine = create_async_engine("sqlite+aiosqlite://", poolclass=StaticPool)
Session = sessionmaker(engine, class_=AsyncSession, expire_on_commit=False)
Base = declarative_base()


class Profile(Base):
    __tablename__ = "profile"
    id = Column(Integer, primary_key=True)
    city = Column(String(20))
    edited_by = Column(String(20))


class Profiles:
    def __init__(self, session):
        self.session = session

    async def store(self, profile, editor):
        await self.session.merge(profile)  # expect: SES310
        profile.edited_by = editor
        await self.session.commit()

    async def editor(self, pk):
        return (await self.session.get(Profile, pk)).edited_by


async def main():
    async with engine.begin() as connection:
        await connection.run_sync(Base.metadata.create_all)
    async with Session() as session:
        await Profiles(session).store(Profile(id=3, city="Bari"), "ann")
    async with Session() as session:
        assert await Profiles(session).editor(3) is None
