"""Both relationships are loaded with the invoices; a single invoice outside any loop may load lazily as it likes."""
# case: outcome=ok select=SES304
from sqlalchemy import Column, ForeignKey, Integer, String, create_engine, event
from sqlalchemy.orm import Session, declarative_base, joinedload, relationship, selectinload

ENGINE = create_engine("sqlite://")
Base = declarative_base()


class Debtor(Base):
    __tablename__ = "debtor"
    id = Column(Integer, primary_key=True)
    iban = Column(String(34))


class Invoice(Base):
    __tablename__ = "invoice"
    id = Column(Integer, primary_key=True)
    debtor_id = Column(ForeignKey("debtor.id"))
    debtor = relationship(Debtor)
    items = relationship("InvoiceItem")


class InvoiceItem(Base):
    __tablename__ = "invoice_item"
    id = Column(Integer, primary_key=True)
    invoice_id = Column(ForeignKey("invoice.id"))
    cents = Column(Integer)


def ibans(session):
    invoices = session.query(Invoice).options(joinedload(Invoice.debtor)).order_by(Invoice.id).all()
    return [invoice.debtor.iban for invoice in invoices]


def total(session):
    cents = 0
    for invoice in session.query(Invoice).options(selectinload(Invoice.items)):
        for item in invoice.items:
            cents += item.cents
    return cents


def newest(session):
    invoice = session.query(Invoice).order_by(Invoice.id.desc()).first()
    return [item.cents for item in invoice.items]


def count_statements(work):
    seen = []

    def note(connection, cursor, statement, *rest):
        seen.append(statement)

    event.listen(ENGINE, "before_cursor_execute", note)
    with Session(ENGINE) as session:
        result = work(session)
    event.remove(ENGINE, "before_cursor_execute", note)
    return len(seen), result


def main():
    Base.metadata.create_all(ENGINE)
    with Session(ENGINE) as session:
        for number in range(3):
            session.add(Invoice(debtor=Debtor(iban=f"NO{number}"), items=[InvoiceItem(cents=5)]))
        session.commit()
    assert count_statements(ibans) == (1, ["NO0", "NO1", "NO2"])
    assert count_statements(total) == (2, 15)
    assert count_statements(newest) == (2, [5])
