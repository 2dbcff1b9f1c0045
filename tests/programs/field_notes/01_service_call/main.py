"""Four modules: the page asks a service, the service a repository, and the page's text comes from a property on the model that forwards twice."""
# case: outcome=DetachedInstanceError
from storage import ENGINE, seed
from tickets import Base
from wording import page


def main():
    Base.metadata.create_all(ENGINE)
    seed()
    print(page(1))
