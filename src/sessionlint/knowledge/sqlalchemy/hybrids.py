"""What works on an instance but not on the class, where `self.name` is a column or a relationship and not a value.

Source: https://docs.sqlalchemy.org/en/20/orm/extensions/hybrid.html, and what `select(Class.hybrid)` does.
"""

from __future__ import annotations

from sessionlint.knowledge.words import words

ITERATING = words("list set tuple frozenset sorted sum any all enumerate zip map filter reversed iter next min max dict")
"""Built-ins that go through what they are given."""

CONVERTING = words("len int float round abs range divmod complex ord chr bin hex oct bytes")
"""Built-ins that need the value, and raise for a column."""

SHOWING = words("bool str repr ascii format")
"""Built-ins that give the text or the truth of the column object itself."""

VALUE_ONLY = words(
    """
    lower upper strip lstrip rstrip split rsplit splitlines title capitalize casefold swapcase format encode zfill isdigit isalpha isnumeric
    isalnum isupper islower find rfind partition rpartition replace removeprefix removesuffix center ljust rjust
    date time isoformat strftime total_seconds timestamp astimezone weekday isoweekday utcoffset year month day hour minute second days
    seconds quantize decode hex value get items values
    """
)
"""Attributes of text, dates, numbers, enumerations and dicts that no column and no SQL expression has."""

OF_RELATIONSHIPS = words(
    """
    any has contains of_type and_ is_ is_not isnot in_ not_in notin_ op expression property prop parent key class_ mapper entity comparator
    impl adapt_to_entity label desc asc info
    """
)
"""What a relationship has on the class."""

VALUE_LIBRARIES = ("math.", "json.", "re.", "os.path.", "decimal.", "urllib.parse.", "hashlib.", "uuid.", "datetime.", "fractions.")
"""Their functions take values."""

SQL_CONSTRUCTS = words("case cast and_ or_ not_ literal literal_column extract type_coerce exists null true false collate between distinct")
"""What `sqlalchemy` makes expressions with, besides `func`."""

OBJECT_SESSION = frozenset({"sqlalchemy.orm.object_session", "sqlalchemy.orm.Session.object_session"})

CLASS_LEVEL = frozenset({"expression", "comparator"})
"""Decorators of a hybrid that say what it is on the class."""
