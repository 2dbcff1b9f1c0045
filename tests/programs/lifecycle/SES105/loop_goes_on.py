"""An import swallows a duplicate and takes the next line through the same session, which refuses everything until it is rolled back."""
# case: outcome=ok
from sqlalchemy import Column, Integer, String, create_engine
from sqlalchemy.exc import IntegrityError, PendingRollbackError
from sqlalchemy.orm import declarative_base, sessionmaker
from sqlalchemy.pool import StaticPool

engine = create_engine("sqlite://", poolclass=StaticPool, connect_args={"check_same_thread": False})
Session = sessionmaker(bind=engine)
Base = declarative_base()


class Customer(Base):
    __tablename__ = "customers"
    id = Column(Integer, primary_key=True)
    email = Column(String(60), unique=True)


def import_customers(emails):
    session = Session()
    skipped = []
    try:
        for email in emails:
            try:
                session.add(Customer(email=email))
                session.flush()
            except IntegrityError:  # expect: SES105
                skipped.append(email)
        session.commit()
    finally:
        session.close()
    return skipped


def main():
    Base.metadata.create_all(engine)
    assert import_customers(["a@x", "b@x"]) == []
    try:
        import_customers(["c@x", "a@x", "d@x"])
    except PendingRollbackError:
        return
    raise AssertionError("the duplicate did no harm")
