"""The same modules: the repository's option goes as deep as the two properties do."""
# case: outcome=ok
from storage import ENGINE, seed
from tickets import Base
from wording import page


def main():
    Base.metadata.create_all(ENGINE)
    seed()
    assert page(1) == "Pia hears Suite in Bonn"
