"""Flask-SQLAlchemy's extension object (https://flask-sqlalchemy.readthedocs.io/en/stable/api/)."""

from __future__ import annotations

FLASK_DB = "flask_sqlalchemy.SQLAlchemy()"
"""What `db = SQLAlchemy()` is called here: its `session` is one scoped session, its other names are SQLAlchemy's."""

FLASK_CLASS = "flask_sqlalchemy.SQLAlchemy"
"""Its class, as programs inherit from it."""
