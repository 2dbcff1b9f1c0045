"""The mail's template reads two columns; they were refreshed before the session was closed, and the expired rest is not asked for."""
# case: outcome=ok
from jinja2 import DictLoader, Environment
from sqlalchemy import Column, ForeignKey, Integer, String, create_engine
from sqlalchemy.orm import declarative_base, relationship, sessionmaker

ENGINE = create_engine("sqlite://")
Base = declarative_base()
Session = sessionmaker(ENGINE)

mails = Environment(
    loader=DictLoader({"welcome.txt": "Dear {{ subscriber.name }}, we will write to {{ subscriber.email | lower }}."})
)


class Subscriber(Base):
    __tablename__ = "subscriber"
    id = Column(Integer, primary_key=True)
    name = Column(String(40))
    email = Column(String(60))
    letters = relationship("Letter")


class Letter(Base):
    __tablename__ = "letter"
    id = Column(Integer, primary_key=True)
    subscriber_id = Column(ForeignKey("subscriber.id"))


def subscribe(name, email):
    with Session() as session:
        subscriber = Subscriber(name=name, email=email)
        session.add(subscriber)
        session.commit()
        session.refresh(subscriber)
    return subscriber


def welcome(name, email):
    subscriber = subscribe(name, email)
    template = mails.get_template("welcome.txt")
    return template.render(subscriber=subscriber)


def main():
    Base.metadata.create_all(ENGINE)
    assert welcome("Io", "IO@x.org") == "Dear Io, we will write to io@x.org."
