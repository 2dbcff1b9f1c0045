"""The stamp is fetched explicitly after the flush; the second stamp is a Python-side `onupdate`, known without asking."""
# case: outcome=ok
from datetime import datetime

from sqlalchemy import Column, DateTime, Integer, String, func
from sqlalchemy.ext.asyncio import AsyncSession, create_async_engine
from sqlalchemy.orm import declarative_base, sessionmaker
from sqlalchemy.pool import StaticPool

engine = create_async_engine("sqlite+aiosqlite://", poolclass=StaticPool)
Session = sessionmaker(engine, class_=AsyncSession, expire_on_commit=False)
Base = declarative_base()


class Timestamps:
    touched_at = Column(DateTime, server_default=func.now(), onupdate=func.now())
    edited_at = Column(DateTime, default=datetime.now, onupdate=datetime.now)


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
        await session.refresh(page, ["touched_at"])
        answer = {"slug": page.slug, "touched": page.touched_at.year}
        answer["edited"] = page.edited_at.year
        await session.commit()
        return answer


async def main():
    async with engine.begin() as connection:
        await connection.run_sync(Base.metadata.create_all)
    async with Session() as session:
        session.add(Page(slug="intro", body="..."))
        await session.commit()
    answer = await edit(1, "Hello")
    assert answer["slug"] == "intro" and answer["touched"] >= 2024
