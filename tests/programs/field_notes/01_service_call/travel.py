from storage import Tickets


class TravelService:
    def __init__(self, tickets=None):
        self.tickets = tickets or Tickets()

    def trip(self, pk):
        return self.tickets.find(pk)
