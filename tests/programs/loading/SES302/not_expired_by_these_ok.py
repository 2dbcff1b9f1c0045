"""What does not expire: a savepoint's end, closing, expunging before the commit, and a commit that removes the very row."""
# case: outcome=ok
from sqlalchemy import Column, Integer, String, create_engine, select
from sqlalchemy.orm import declarative_base, sessionmaker

ENGINE = create_engine("sqlite://")
Base = declarative_base()
Maker = sessionmaker(bind=ENGINE)


class Lease(Base):
    __tablename__ = "lease"
    id = Column(Integer, primary_key=True)
    tenant = Column(String(40))
    rent = Column(Integer)


def by_tenant(session, tenant):
    return session.execute(select(Lease).filter_by(tenant=tenant)).scalar_one()


def after_savepoint(tenant):
    with Maker() as session:
        with session.begin_nested():
            lease = by_tenant(session, tenant)
    return lease.rent


def after_close(tenant):
    session = Maker()
    try:
        lease = by_tenant(session, tenant)
    finally:
        session.close()
    return lease.rent


def after_expunge(tenant):
    with Maker() as session:
        lease = by_tenant(session, tenant)
        session.expunge(lease)
        session.commit()
    return lease.rent


def after_delete(tenant):
    with Maker() as session:
        lease = by_tenant(session, tenant)
        session.delete(lease)
        session.commit()
    return f"{lease.tenant} has left"


def main():
    Base.metadata.create_all(ENGINE)
    with Maker.begin() as session:
        session.add(Lease(tenant="Ude", rent=900))
    assert [after_savepoint("Ude"), after_close("Ude"), after_expunge("Ude")] == [900, 900, 900]
    assert after_delete("Ude") == "Ude has left"
