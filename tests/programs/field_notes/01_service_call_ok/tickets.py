from sqlalchemy import Column, ForeignKey, Integer, String
from sqlalchemy.orm import declarative_base, relationship

Base = declarative_base()


class Venue(Base):
    __tablename__ = "venue"

    id = Column(Integer, primary_key=True)
    town = Column(String(40))


class Concert(Base):
    __tablename__ = "concert"

    id = Column(Integer, primary_key=True)
    title = Column(String(40))
    venue_id = Column(ForeignKey("venue.id"))
    venue = relationship(Venue)

    @property
    def town(self):
        return self.venue.town


class Ticket(Base):
    __tablename__ = "ticket"

    id = Column(Integer, primary_key=True)
    holder = Column(String(40))
    concert_id = Column(ForeignKey("concert.id"))
    concert = relationship(Concert)

    @property
    def destination(self):
        return self.concert.town
