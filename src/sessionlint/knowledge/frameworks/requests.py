"""What only exists while a web request or an application context is being served, by canonical name."""

from __future__ import annotations

REQUEST_BOUND = frozenset(
    {
        "flask.g",
        "flask.current_app",
        "flask.request",
        "flask.session",
        "flask.has_request_context",
        "flask.has_app_context",
        "flask.after_this_request",
        "flask_login.current_user",
        "quart.g",
        "quart.current_app",
        "quart.request",
        "quart.session",
        "quart.has_request_context",
    }
)
"""Flask's context globals (https://flask.palletsprojects.com/en/stable/appcontext/), and Quart's."""

AMBIENT = ("flask.g", "quart.g", "flask.current_app", "contextvars.ContextVar", "threading.local", "contextvars.copy_context")
"""Where an object that is kept is found again by whoever runs in the same request, context or thread."""
