"""Rows under the decorators of caching libraries, and put into a cache by hand; text and numbers beside them are fine."""
# case: outcome=static
from cachetools import TTLCache, cached
from flask_caching import Cache
from sqlalchemy import Column, Integer, String, create_engine, func, select
from sqlalchemy.orm import declarative_base, sessionmaker

engine = create_engine("sqlite://")
SessionLocal = sessionmaker(bind=engine)
Base = declarative_base()
cache = Cache()
recent = TTLCache(maxsize=100, ttl=60)


class Author(Base):
    __tablename__ = "authors"
    id = Column(Integer, primary_key=True)
    name = Column(String(40))


@cached(cache=TTLCache(maxsize=10, ttl=60))
def author(author_id):
    with SessionLocal() as session:
        return session.get(Author, author_id)  # expect: SES205


@cache.memoize(timeout=60)
def authors_called(name):
    with SessionLocal() as session:
        found = session.execute(select(Author).where(Author.name == name)).scalars().all()
        return found  # expect: SES205


@cache.cached(timeout=60, key_prefix="number")
def number_of_authors():
    with SessionLocal() as session:
        return session.execute(select(func.count(Author.id))).scalar()


def remember(author_id):
    with SessionLocal() as session:
        found = session.get(Author, author_id)
        cache.set(f"author-{author_id}", found)  # expect: SES205
        recent[author_id] = found  # expect: SES205
        cache.set(f"name-{author_id}", found.name)
        recent["last"] = author_id
