from travel import TravelService


def page(pk):
    ticket = TravelService().trip(pk)
    return f"{ticket.holder} hears {ticket.concert.title} in {ticket.destination}"  # allow: SES301
