"""The factory does not expire on commit, but the row's `onupdate` is computed by the database, and the flush leaves it to be fetched."""
# case: outcome=MissingGreenlet
from sqlalchemy import Column, DateTime, Integer, String, func
from sqlalchemy.ext.asyncio import AsyncSession, create_async_engine
from sqlalchemy.orm import declarative_base, sessionmaker
from sqlalchemy.pool import StaticPool

engine = create_async_engine("sqlite+aiosqlite://", poolclass=StaticPool)
Session = sessionmaker(engine, class_=AsyncSession, expire_on_commit=False)
Base = declarative_base()


class Timestamps:
    created_at = Column(DateTime, server_default=func.now())
    touched_at = Column(DateTime, server_default=func.now(), onupdate=func.now())


class Page(Timestamps, Base):
    __tablename__ = "page"
    id = Column(Integer, primary_key=True)
    slug = Column(String(30))
    body = Column(String(200))


async def edit(pk, body):
    async with Session() as session:
        page = await session.get(Page, pk)
        page.body = body
        await session.flush()
        answer = {"slug": page.slug, "created": page.created_at.isoformat()}
        answer["touched"] = page.touched_at.isoformat()  # expect: SES303
        await session.commit()
        return answer


async def main():
    async with engine.begin() as connection:
        await connection.run_sync(Base.metadata.create_all)
    async with Session() as session:
        session.add(Page(slug="intro", body="..."))
        await session.commit()
    print(await edit(1, "Hello"))
