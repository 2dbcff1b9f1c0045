"""The words by which code speaks of sessions, queries and mapping: what has none of them cannot make a session or a mapped instance."""

SPEAKING = (  # the last row finds suppressions, which may be unused
    r"sqlalchemy|sqlmodel|[sS]ession|relationship|mapped_column|selectinload|joinedload|subqueryload|"
    r"\.query\b|\bselect\(|\.(?:scalars?|execute|commit|rollback)\(|\bdb\.(?:Model|Column)\b|user_loader|"
    r"sessionlint|\bSES\d"
)
MARKS = tuple(
    "sqlalchemy sqlmodel session Session relationship mapped_column selectinload joinedload subqueryload .query select( "
    ".scalar .execute( .commit( .rollback( db.Model db.Column user_loader".split()
)
"""What marks such words, without regard to what stands beside them: texts are found several times faster than patterns."""
