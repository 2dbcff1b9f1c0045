"""A Pydantic model is built from an instance after its session; the schema has a nested list, so validation goes to the relationship."""
# case: outcome=ValidationError
from typing import List

from pydantic import BaseModel, ConfigDict
from sqlalchemy import Column, ForeignKey, Integer, String, create_engine
from sqlalchemy.orm import declarative_base, relationship, sessionmaker

ENGINE = create_engine("sqlite://")
Base = declarative_base()
Session = sessionmaker(ENGINE)


class Recipe(Base):
    __tablename__ = "recipe"
    id = Column(Integer, primary_key=True)
    title = Column(String(60))
    steps = relationship("Step", order_by="Step.id")


class Step(Base):
    __tablename__ = "step"
    id = Column(Integer, primary_key=True)
    recipe_id = Column(ForeignKey("recipe.id"))
    text = Column(String(200))


class FromRow(BaseModel):
    model_config = ConfigDict(from_attributes=True)


class StepOut(FromRow):
    text: str


class RecipeBrief(FromRow):
    id: int
    title: str


class RecipeOut(RecipeBrief):
    steps: List[StepOut]


def recipe(pk):
    with Session() as session:
        return session.get(Recipe, pk)


def brief(pk):
    return RecipeBrief.model_validate(recipe(pk)).model_dump()


def full(pk):
    found = recipe(pk)
    return RecipeOut.model_validate(found).model_dump()  # expect: SES307


def main():
    Base.metadata.create_all(ENGINE)
    with Session() as session:
        session.add(Recipe(title="Bread", steps=[Step(text="knead"), Step(text="bake")]))
        session.commit()
    assert brief(1) == {"id": 1, "title": "Bread"}
    print(full(1))
