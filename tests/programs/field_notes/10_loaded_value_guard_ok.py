"""Guards that do guard: NO_VALUE is compared with, the set of unloaded names is asked, the instance's dict is looked into."""
# case: outcome=ok
from sqlalchemy import Column, ForeignKey, Integer, String, create_engine, inspect
from sqlalchemy.orm import declarative_base, relationship, selectinload, sessionmaker
from sqlalchemy.orm.attributes import NO_VALUE

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


def menu(day, *options):
    with Session() as session:
        return session.query(Menu).options(*options).filter_by(day=day).one()


def by_value(found):
    if inspect(found).attrs.dishes.loaded_value is not NO_VALUE:
        return [dish.name for dish in found.dishes]
    return []


def by_names(found):
    if "dishes" in inspect(found).unloaded:
        return []
    return [dish.name for dish in found.dishes]


def by_dict(found):
    return [dish.name for dish in found.dishes] if "dishes" in vars(found) else []


def main():
    Base.metadata.create_all(ENGINE)
    with Session() as session:
        session.add(Menu(day="Monday", dishes=[Dish(name="soup")]))
        session.commit()
    bare, full = menu("Monday"), menu("Monday", selectinload(Menu.dishes))
    for card in (by_value, by_names, by_dict):
        assert (card(bare), card(full)) == ([], ["soup"])
