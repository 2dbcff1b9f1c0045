"""SQLAlchemy, SQLModel and Flask-SQLAlchemy as tables."""
