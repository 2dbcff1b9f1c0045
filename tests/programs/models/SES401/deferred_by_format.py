"""The repr joins a list of parts; one of them is a property that measures a deferred column, loaded only when somebody asks."""
# case: outcome=DetachedInstanceError
from sqlalchemy import Column, Integer, LargeBinary, String, create_engine
from sqlalchemy.orm import Session, declarative_base, deferred

ENGINE = create_engine("sqlite://")
Base = declarative_base()


class Photo(Base):
    __tablename__ = "photo"
    id = Column(Integer, primary_key=True)
    title = Column(String(40))
    pixels = deferred(Column(LargeBinary))

    @property
    def size(self):
        return len(self.pixels or b"")  # expect: SES401  # allow: SES301

    def __repr__(self):
        parts = [self.title, "%d bytes" % self.size]
        return "<Photo " + " ".join(parts) + ">"


class Thumb(Base):
    __tablename__ = "thumb"
    id = Column(Integer, primary_key=True)
    pixels = Column(LargeBinary)

    def __repr__(self):
        return "<Thumb %d bytes>" % len(self.pixels or b"")


def album():
    session = Session(ENGINE)
    try:
        return session.query(Photo).all(), session.query(Thumb).all()
    finally:
        session.close()


def main():
    Base.metadata.create_all(ENGINE)
    with Session(ENGINE) as session:
        session.add_all([Photo(title="Sea", pixels=b"123"), Thumb(pixels=b"1")])
        session.commit()
    photos, thumbs = album()
    assert repr(thumbs) == "[<Thumb 1 bytes>]"
    print("loaded {}".format(photos))  # allow: SES301
