"""The importer turns each entry into a plain tuple after its commit, inside the unit of work; the summary never meets an instance."""
# case: outcome=ok
from database import ENGINE
from entities import Base
from importer import import_rows
from summary import describe


def main():
    Base.metadata.create_all(ENGINE)
    entries = import_rows([("rent", 700), ("water", 40)])
    assert describe(entries) == "2 entries, 740"
