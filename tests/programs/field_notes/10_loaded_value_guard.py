"""The guard asks `loaded_value is not None`; an unloaded attribute has the marker NO_VALUE there, which is not None either."""
# case: outcome=DetachedInstanceError
from sqlalchemy import Column, ForeignKey, Integer, String, create_engine, inspect
from sqlalchemy.orm import declarative_base, relationship, sessionmaker

ENGINE = create_engine("sqlite://")
Session = sessionmaker(ENGINE)
Base = declarative_base()


class Menu(Base):
    __tablename__ = "menu"
    id = Column(Integer, primary_key=True)
    day = Column(String(10))
    dishes = relationship("Dish")


class Dish(Base):
    __tablename__ = "dish"
    id = Column(Integer, primary_key=True)
    menu_id = Column(ForeignKey("menu.id"))
    name = Column(String(20))


def menu(day):
    with Session() as session:
        return session.query(Menu).filter_by(day=day).one()


def card(found):
    state = inspect(found)
    if state.attrs.dishes.loaded_value is not None:
        return [dish.name for dish in found.dishes]  # expect: SES301
    return []


def main():
    Base.metadata.create_all(ENGINE)
    with Session() as session:
        session.add(Menu(day="Monday", dishes=[Dish(name="soup")]))
        session.commit()
    print(card(menu("Monday")))
