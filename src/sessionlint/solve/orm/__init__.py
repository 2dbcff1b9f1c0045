"""What SQLAlchemy does: sessions, queries, and what an instance has in memory."""
