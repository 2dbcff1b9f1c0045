"""Flask-Login's user of the request (https://flask-login.readthedocs.io/en/latest/)."""

from __future__ import annotations

CURRENT_USER = "flask_login.current_user"
"""A proxy to what the user loader returned for this request; templates have it under its last name."""

USER_MIXINS = frozenset({"flask_login.UserMixin", "flask_security.UserMixin", "flask_security.core.UserMixin", "flask_user.UserMixin"})
"""What classes of users inherit from."""
