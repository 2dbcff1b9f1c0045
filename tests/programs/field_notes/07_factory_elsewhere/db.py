from sqlalchemy.ext.asyncio import AsyncSession, create_async_engine
from sqlalchemy.orm import declarative_base, sessionmaker
from sqlalchemy.pool import StaticPool

Base = declarative_base()
engine = create_async_engine("sqlite+aiosqlite://", poolclass=StaticPool)
OPTIONS = {"class_": AsyncSession, "autoflush": False}


def get_sessionmaker():
    return sessionmaker(engine, **OPTIONS)
