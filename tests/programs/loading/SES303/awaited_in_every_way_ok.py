"""Unloaded and expired attributes reached without implicit IO: lambdas in `run_sync`, refreshes by name, the instance's dict, a new query."""
# case: outcome=ok sqlalchemy=>=2.0
from sqlalchemy import Column, ForeignKey, Integer, String, inspect, select
from sqlalchemy.ext.asyncio import AsyncAttrs, AsyncSession, create_async_engine
from sqlalchemy.orm import declarative_base, relationship, selectinload, sessionmaker
from sqlalchemy.pool import StaticPool

engine = create_async_engine("sqlite+aiosqlite://", poolclass=StaticPool)
Session = sessionmaker(engine, class_=AsyncSession)
Base = declarative_base(cls=AsyncAttrs)


class Tree(Base):
    __tablename__ = "tree"
    id = Column(Integer, primary_key=True)
    kind = Column(String(20))
    nests = relationship("Nest", back_populates="tree")


class Nest(Base):
    __tablename__ = "nest"
    id = Column(Integer, primary_key=True)
    tree_id = Column(ForeignKey("tree.id"))
    bird = Column(String(20))
    tree = relationship(Tree, back_populates="nests")


async def by_lambda(session):
    tree = await session.get(Tree, 1)
    return await session.run_sync(lambda sync_session: [nest.bird for nest in tree.nests])


async def by_names(session):
    tree = await session.get(Tree, 1)
    await session.commit()
    await session.refresh(tree, attribute_names=["kind", "nests"])
    return [f"{nest.bird}" for nest in tree.nests] if tree.kind else []


async def by_new_query(session):
    tree = await session.get(Tree, 1)
    await session.rollback()
    statement = select(Tree).options(selectinload(Tree.nests)).execution_options(populate_existing=True)
    tree = (await session.scalars(statement)).one()
    return [nest.bird for nest in tree.nests]


async def by_other_query(session):
    tree = await session.get(Tree, 1)
    nests = (await session.scalars(select(Nest).where(Nest.tree_id == tree.id))).all()
    return [nest.bird for nest in nests if nest.tree is tree]


async def by_looking_first(session):
    tree = await session.get(Tree, 1)
    if "nests" in inspect(tree).unloaded:
        await session.refresh(tree, ["nests"])
    return [nest.bird for nest in tree.nests]


async def by_attrs(session):
    nest = await session.get(Nest, 1)
    await session.commit()
    tree = await nest.awaitable_attrs.tree
    return [other.bird for other in await tree.awaitable_attrs.nests]


async def main():
    async with engine.begin() as connection:
        await connection.run_sync(Base.metadata.create_all)
    async with Session() as session:
        session.add(Tree(kind="oak", nests=[Nest(bird="jay")]))
        await session.commit()
    for way in (by_lambda, by_names, by_new_query, by_other_query, by_looking_first, by_attrs):
        async with Session() as session:
            assert await way(session) == ["jay"], way.__name__
