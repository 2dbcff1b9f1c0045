"""Reprs that stay calm on detached rows: columns, a look into the instance's dict, the unloaded set, a handler, the identity."""
# case: outcome=ok
from sqlalchemy import Column, ForeignKey, Integer, String, create_engine, inspect
from sqlalchemy.orm import declarative_base, relationship, sessionmaker
from sqlalchemy.orm.exc import DetachedInstanceError

ENGINE = create_engine("sqlite://")
Base = declarative_base()
Session = sessionmaker(ENGINE)


class Choir(Base):
    __tablename__ = "choir"
    id = Column(Integer, primary_key=True)
    town = Column(String(40))
    singers = relationship("Singer", back_populates="choir")

    def __repr__(self):
        if "singers" in inspect(self).unloaded:
            return f"<Choir {self.town}>"
        return f"<Choir {self.town} with {len(self.singers)} voices>"

    def roll(self):
        return [singer.name for singer in self.singers]


class Singer(Base):
    __tablename__ = "singer"
    id = Column(Integer, primary_key=True)
    name = Column(String(40))
    choir_id = Column(ForeignKey("choir.id"))
    choir = relationship(Choir, back_populates="singers")

    def __str__(self):
        try:
            return f"{self.name} of {self.choir.town}"
        except DetachedInstanceError:
            return self.name

    def __repr__(self):
        choir = self.__dict__.get("choir")
        return f"<Singer {self.name} in {choir.town if choir else self.choir_id}>"


def all_of(model):
    with Session() as session:
        return session.query(model).all()


def main():
    Base.metadata.create_all(ENGINE)
    with Session() as session:
        session.add(Choir(town="Riga", singers=[Singer(name="Ilze")]))
        session.commit()
        choir = session.query(Choir).one()
        assert choir.roll() == ["Ilze"]
        assert repr(choir) == "<Choir Riga with 1 voices>"
    assert repr(all_of(Choir)) == "[<Choir Riga>]"
    assert repr(all_of(Singer)) == "[<Singer Ilze in 1>]"
    assert str(all_of(Singer)[0]) == "Ilze"
