from sqlalchemy import create_engine
from sqlalchemy.orm import joinedload, sessionmaker

from tickets import Concert, Ticket, Venue

ENGINE = create_engine("sqlite://")
Session = sessionmaker(ENGINE)


def seed():
    with Session() as session:
        session.add(Ticket(holder="Pia", concert=Concert(title="Suite", venue=Venue(town="Bonn"))))
        session.commit()


class Tickets:
    def find(self, pk):
        with Session() as session:
            return session.query(Ticket).options(joinedload(Ticket.concert).joinedload(Concert.venue)).filter_by(id=pk).one()
