"""Entries of a batch are collected by a service that commits after each; the summary is made from the list when the unit of work is over."""
# case: outcome=DetachedInstanceError
from database import ENGINE
from entities import Base
from importer import import_rows
from summary import describe


def main():
    Base.metadata.create_all(ENGINE)
    entries = import_rows([("rent", 700), ("water", 40)])
    assert len(entries) == 2
    print(describe(entries))
