"""Two reprs that count: one calls `len` on the relationship in an f-string, one goes through a method of the class; a log line pays."""
# case: outcome=DetachedInstanceError
import logging

from sqlalchemy import Column, ForeignKey, Integer, String, create_engine
from sqlalchemy.orm import declarative_base, relationship, sessionmaker

ENGINE = create_engine("sqlite://")
Base = declarative_base()
Session = sessionmaker(ENGINE)
log = logging.getLogger("choir")


class Choir(Base):
    __tablename__ = "choir"
    id = Column(Integer, primary_key=True)
    town = Column(String(40))
    singers = relationship("Singer", back_populates="choir")

    def __repr__(self):
        return f"<Choir {self.town} with {len(self.singers)} voices>"  # expect: SES401  # allow: SES301


class Singer(Base):
    __tablename__ = "singer"
    id = Column(Integer, primary_key=True)
    name = Column(String(40))
    choir_id = Column(ForeignKey("choir.id"))
    choir = relationship(Choir, back_populates="singers")

    def home(self):
        return self.choir.town if self.choir_id else "nowhere"  # expect: SES401  # allow: SES301

    def __str__(self):
        return "%s of %s" % (self.name, self.home())

    def __repr__(self):
        return "<Singer %s>" % self.id


def choirs():
    with Session() as session:
        return session.query(Choir).all()


def announce():
    found = choirs()
    log.info("%d choirs", len(found))
    return [str(choir) for choir in found]  # allow: SES301


def main():
    Base.metadata.create_all(ENGINE)
    with Session() as session:
        session.add(Choir(town="Riga", singers=[Singer(name="Ilze")]))
        session.commit()
        assert str(session.get(Singer, 1)) == "Ilze of Riga"
    print(announce())
