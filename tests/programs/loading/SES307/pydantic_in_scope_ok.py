"""The model with the nested list is built inside the session, or from a row whose steps were loaded; the brief one has no relationship."""
# case: outcome=ok
from typing import List

from pydantic import BaseModel, ConfigDict
from sqlalchemy import Column, ForeignKey, Integer, String, create_engine
from sqlalchemy.orm import declarative_base, relationship, selectinload, sessionmaker

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


def recipe(pk, *options):
    with Session() as session:
        return session.get(Recipe, pk, options=options)


def brief(pk):
    return RecipeBrief.model_validate(recipe(pk))


def full(pk):
    return RecipeOut.model_validate(recipe(pk, selectinload(Recipe.steps)))


def full_inside(pk):
    with Session() as session:
        return RecipeOut.model_validate(session.get(Recipe, pk))


def main():
    Base.metadata.create_all(ENGINE)
    with Session() as session:
        session.add(Recipe(title="Bread", steps=[Step(text="knead"), Step(text="bake")]))
        session.commit()
    assert brief(1).title == "Bread"
    assert full(1) == full_inside(1)
    assert [step.text for step in full(1).steps] == ["knead", "bake"]
