"""`load_only` was added for speed; the export that runs after the scope still prints a column that is not on the list."""
# case: outcome=DetachedInstanceError
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


def articles():
    with Session() as session:
        return session.scalars(select(Article).options(LIST_COLUMNS)).all()


def index():
    return [f"{article.id}: {article.title} ({article.author})" for article in articles()]


def feed():
    return [{"title": article.title, "text": article.body} for article in articles()]  # expect: SES301


def main():
    Base.metadata.create_all(ENGINE)
    with Session() as session:
        session.add(Article(title="Moss", author="K.", body="Grows slowly."))
        session.commit()
    assert index() == ["1: Moss (K.)"]
    print(feed())
