"""Search clients, HTTP clients and a plain factory: things named get_session, and sessions that no acquirer hands out."""
# case: outcome=ok
from sqlalchemy import Column, Integer, String, create_engine, select
from sqlalchemy.orm import declarative_base, sessionmaker
from sqlalchemy.pool import QueuePool

ENGINE = create_engine("sqlite://", poolclass=QueuePool)
SessionLocal = sessionmaker(bind=ENGINE)
Base = declarative_base()


class Article(Base):
    __tablename__ = "articles"
    id = Column(Integer, primary_key=True)
    slug = Column(String(40))


class SearchSession:
    def __init__(self, index):
        self.index = index

    def find(self, word):
        return [slug for slug in self.index if word in slug]


class SearchManager:
    def __init__(self, index):
        self.index = index

    def get_session(self):
        return SearchSession(self.index)


search_manager = SearchManager(["winter-coat", "summer-hat"])


def search(word):
    session = search_manager.get_session()
    return session.find(word)


def store(slug):
    with SessionLocal() as session:
        session.add(Article(slug=slug))
        session.commit()


def slugs():
    with SessionLocal() as session:
        return session.execute(select(Article.slug)).scalars().all()


def get_session(name):
    return f"training session {name}"


def main():
    Base.metadata.create_all(ENGINE)
    for slug in search("coat"):
        store(slug)
    assert slugs() == ["winter-coat"]
    assert get_session("yoga") == "training session yoga"
    assert ENGINE.pool.checkedout() == 0
