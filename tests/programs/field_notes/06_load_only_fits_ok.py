"""The list of `load_only` has every column that the export prints; the short list is used inside the scope only."""
# case: outcome=ok
from sqlalchemy import Column, Integer, String, Text, create_engine, select
from sqlalchemy.orm import declarative_base, load_only, sessionmaker

ENGINE = create_engine("sqlite://")
Session = sessionmaker(ENGINE)
Base = declarative_base()


class Article(Base):
    __tablename__ = "article"
    id = Column(Integer, primary_key=True)
    title = Column(String(60))
    author = Column(String(60))
    body = Column(Text)


LIST_COLUMNS = load_only(Article.title, Article.author)
FEED_COLUMNS = load_only(Article.title, Article.body)


def articles(columns):
    with Session() as session:
        return session.scalars(select(Article).options(columns)).all()


def index():
    return [f"{article.id}: {article.title} ({article.author})" for article in articles(LIST_COLUMNS)]


def feed():
    return [{"title": article.title, "text": article.body} for article in articles(FEED_COLUMNS)]


def lengths():
    with Session() as session:
        return [len(article.body) for article in session.scalars(select(Article).options(LIST_COLUMNS))]


def main():
    Base.metadata.create_all(ENGINE)
    with Session() as session:
        session.add(Article(title="Moss", author="K.", body="Grows slowly."))
        session.commit()
    assert index() == ["1: Moss (K.)"]
    assert feed() == [{"title": "Moss", "text": "Grows slowly."}] and lengths() == [13]
