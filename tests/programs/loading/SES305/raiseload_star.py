"""The list query forbids every lazy load (`raiseload("*")`) except for what it names; a column of the export goes to another relationship."""
# case: outcome=InvalidRequestError
import csv
import io

from sqlalchemy import Column, ForeignKey, Integer, String, create_engine, select
from sqlalchemy.orm import Session, declarative_base, joinedload, raiseload, relationship

ENGINE = create_engine("sqlite://")
Base = declarative_base()


class Vendor(Base):
    __tablename__ = "vendor"
    id = Column(Integer, primary_key=True)
    name = Column(String(40))


class Licence(Base):
    __tablename__ = "licence"
    id = Column(Integer, primary_key=True)
    code = Column(String(10))


class Package(Base):
    __tablename__ = "package"
    id = Column(Integer, primary_key=True)
    title = Column(String(40))
    vendor_id = Column(ForeignKey("vendor.id"))
    licence_id = Column(ForeignKey("licence.id"))
    vendor = relationship(Vendor)
    licence = relationship(Licence)


def packages(session):
    statement = select(Package).options(joinedload(Package.vendor), raiseload("*")).order_by(Package.title)
    return session.scalars(statement).all()


def row(package):
    return [
        package.title,
        package.vendor.name,
        package.licence.code,  # expect: SES305
    ]


def export():
    target = io.StringIO()
    with Session(ENGINE) as session:
        csv.writer(target).writerows(row(package) for package in packages(session))  # allow: SES305
    return target.getvalue()


def main():
    Base.metadata.create_all(ENGINE)
    with Session(ENGINE) as session:
        session.add(Package(title="parse", vendor=Vendor(name="Ayo"), licence=Licence(code="MIT")))
        session.commit()
    print(export())
