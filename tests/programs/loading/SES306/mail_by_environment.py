"""No web framework: a Jinja environment renders a mail for a subscriber whose commit has expired every column."""
# case: outcome=DetachedInstanceError
from jinja2 import DictLoader, Environment
from sqlalchemy import Column, Integer, String, create_engine
from sqlalchemy.orm import declarative_base, sessionmaker

ENGINE = create_engine("sqlite://")
Base = declarative_base()
Session = sessionmaker(ENGINE)

mails = Environment(
    loader=DictLoader(
        {
            "welcome.txt": "Dear {{ subscriber.name }}, we will write to {{ subscriber.email }}.",
            "thanks.txt": "Thank you, {{ name }}.",
        }
    )
)


class Subscriber(Base):
    __tablename__ = "subscriber"
    id = Column(Integer, primary_key=True)
    name = Column(String(40))
    email = Column(String(60))


def subscribe(name, email):
    with Session() as session:
        subscriber = Subscriber(name=name, email=email)
        session.add(subscriber)
        session.commit()
    return subscriber


def thank(name):
    return mails.get_template("thanks.txt").render(name=name)


def welcome(name, email):
    subscriber = subscribe(name, email)
    template = mails.get_template("welcome.txt")
    return template.render(subscriber=subscriber)  # expect: SES306


def main():
    Base.metadata.create_all(ENGINE)
    print(thank("Io"))
    print(welcome("Io", "io@x.org"))
