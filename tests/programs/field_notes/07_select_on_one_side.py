"""The collection has `lazy="selectin"`, its other side does not: what is loaded in one direction is not loaded in the other."""
# case: outcome=DetachedInstanceError
from sqlalchemy import Column, ForeignKey, Integer, String, create_engine
from sqlalchemy.orm import declarative_base, relationship, sessionmaker

ENGINE = create_engine("sqlite://")
Session = sessionmaker(ENGINE)
Base = declarative_base()


class Kit(Base):
    __tablename__ = "kit"
    id = Column(Integer, primary_key=True)
    name = Column(String(20))
    tools = relationship("Tool", back_populates="kit", lazy="selectin")


class Tool(Base):
    __tablename__ = "tool"
    id = Column(Integer, primary_key=True)
    name = Column(String(20))
    kit_id = Column(ForeignKey("kit.id"))
    kit = relationship(Kit, back_populates="tools")


def first(model):
    with Session() as session:
        return session.query(model).order_by(model.id).first()


def contents():
    return [tool.name for tool in first(Kit).tools]


def home():
    return first(Tool).kit.name  # expect: SES301


def main():
    Base.metadata.create_all(ENGINE)
    with Session() as session:
        session.add(Kit(name="bench", tools=[Tool(name="vice")]))
        session.commit()
    assert contents() == ["vice"]
    print(home())
