"""The reprs are those of a value object in a composite and of a plain view class; the model itself prints nothing of its own."""
# case: outcome=ok select=SES402
from sqlalchemy import Column, Integer, String, create_engine, select
from sqlalchemy.orm import composite, declarative_base, sessionmaker

ENGINE = create_engine("sqlite://")
Base = declarative_base()
Session = sessionmaker(ENGINE, expire_on_commit=False)


class Span:
    def __init__(self, start, end):
        self.start = start
        self.end = end

    def __composite_values__(self):
        return self.start, self.end

    def __repr__(self):
        return f"{self.start}-{self.end}"


class Shift(Base):
    __tablename__ = "shift"
    id = Column(Integer, primary_key=True)
    worker = Column(String(40))
    start = Column(Integer)
    end = Column(Integer)
    span = composite(Span, start, end)

    def label(self):
        return f"{self.worker} {self.start}"


class ShiftView:
    def __init__(self, worker, span):
        self.worker = worker
        self.span = span

    def __str__(self):
        return f"{self.worker} works {self.span}"


def views():
    with Session() as session:
        rows = session.execute(select(Shift)).scalars()
        return [ShiftView(row.worker, row.span) for row in rows]


def main():
    Base.metadata.create_all(ENGINE)
    with Session() as session:
        session.add(Shift(worker="Noor", span=Span(6, 14)))
        session.commit()
    assert [str(view) for view in views()] == ["Noor works 6-14"]
