"""sessionlint finds misuse of SQLAlchemy sessions, explains it, and rewrites the code to managed session scopes."""

__version__ = "0.1.0"
