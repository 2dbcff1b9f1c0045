"""Which decorators and calls make a framework call a function, by canonical name; values are `(kind, framework)`."""

from __future__ import annotations

_VERBS = ("get", "post", "put", "patch", "delete", "head", "options")


def _methods(owners: tuple[str, ...], kinds: dict[str, str], framework: str) -> dict[str, tuple[str, str]]:
    return {f"{owner}.{method}": (kind, framework) for owner in owners for method, kind in kinds.items()}


_FLASK_HOOKS = {
    "before_request": "before_request",
    "before_app_request": "before_request",
    "before_first_request": "before_request",
    "after_request": "after_request",
    "after_app_request": "after_request",
    "teardown_request": "teardown",
    "teardown_app_request": "teardown",
    "teardown_appcontext": "teardown",
    "errorhandler": "error_handler",
    "app_errorhandler": "error_handler",
    "register_error_handler": "error_handler",
    "context_processor": "context_processor",
    "app_context_processor": "context_processor",
    "template_filter": "template_filter",
    "app_template_filter": "template_filter",
    "add_template_filter": "template_filter",
    "template_global": "template_filter",
    "app_template_global": "template_filter",
    "template_test": "template_filter",
    "user_loader": "user_loader",
    "request_loader": "user_loader",
}

BY_METHOD: dict[str, tuple[str, str]] = {
    name: (kind, "flask-login" if kind == "user_loader" else "flask") for name, kind in _FLASK_HOOKS.items()
}
"""Method names that say enough where their owner is not known (`app` is a parameter)."""

ROUTE_METHODS = frozenset({"route", "api_route", "websocket", *_VERBS})
"""Method names that make a route where the owner is not known but the first argument is a path."""

_FLASK_ROUTES = dict.fromkeys(("route", "add_url_rule", "get", "post", "put", "patch", "delete", "websocket"), "route")
_FASTAPI_ROUTES = dict.fromkeys(
    (*_VERBS, "trace", "route", "api_route", "websocket", "add_api_route", "add_route", "websocket_route"), "route"
)
_FASTAPI_HOOKS = {
    "on_event": "startup",
    "exception_handler": "error_handler",
    "add_exception_handler": "error_handler",
    "middleware": "middleware",
}

DECORATORS: dict[str, tuple[str, str]] = {
    **_methods(("flask.Flask", "flask.Blueprint"), {**_FLASK_HOOKS, **_FLASK_ROUTES, "cli.command": "command"}, "flask"),
    **_methods(("quart.Quart", "quart.Blueprint"), {**_FLASK_HOOKS, **_FLASK_ROUTES, "cli.command": "command"}, "quart"),
    **_methods(("flask_login.LoginManager",), {"user_loader": "user_loader", "request_loader": "user_loader"}, "flask-login"),
    **_methods(("flask_login.LoginManager",), {"unauthorized_handler": "error_handler"}, "flask-login"),
    **_methods(("fastapi.FastAPI", "fastapi.APIRouter"), {**_FASTAPI_ROUTES, **_FASTAPI_HOOKS}, "fastapi"),
    **_methods(("starlette.applications.Starlette",), {**_FASTAPI_ROUTES, **_FASTAPI_HOOKS}, "starlette"),
    **_methods(("celery.Celery",), {"task": "task", "on_after_configure.connect": "task"}, "celery"),
    "celery.shared_task": ("task", "celery"),
    "celery.decorators.task": ("task", "celery"),
    "dramatiq.actor": ("task", "dramatiq"),
    "rq.decorators.job": ("task", "rq"),
    "huey.Huey.task": ("task", "huey"),
    "click.command": ("command", "click"),
    "click.group": ("command", "click"),
    "click.Group.command": ("command", "click"),
    "click.group.command": ("command", "click"),
    "flask.cli.with_appcontext": ("command", "flask"),
    "typer.Typer.command": ("command", "typer"),
    "typer.Typer.callback": ("command", "typer"),
    "functools.lru_cache": ("cached", "functools"),
    "functools.cache": ("cached", "functools"),
    "cachetools.cached": ("cached", "cachetools"),
    "cachetools.func.ttl_cache": ("cached", "cachetools"),
    "cachetools.func.lru_cache": ("cached", "cachetools"),
    "flask_caching.Cache.cached": ("cached", "flask-caching"),
    "flask_caching.Cache.memoize": ("cached", "flask-caching"),
    "aiocache.cached": ("cached", "aiocache"),
    "async_lru.alru_cache": ("cached", "async-lru"),
    "streamlit.cache_resource": ("cached", "streamlit"),
    "streamlit.cache_data": ("cached", "streamlit"),
    "streamlit.cache": ("cached", "streamlit"),
    "streamlit.experimental_memo": ("cached", "streamlit"),
    "streamlit.experimental_singleton": ("cached", "streamlit"),
    "streamlit.fragment": ("fragment", "streamlit"),
    "streamlit.dialog": ("fragment", "streamlit"),
    "fastapi.Depends": ("dependency", "fastapi"),
    "fastapi.Security": ("dependency", "fastapi"),
    "fastapi.BackgroundTasks.add_task": ("task", "fastapi"),
    "threading.Thread": ("thread", "threading"),
    "threading.Timer": ("thread", "threading"),
}
"""What a decorator, or a call that is handed the function, makes of the function."""

CALLS: dict[str, tuple[int, str]] = {
    "add_url_rule": (2, "view_func"),
    "user_loader": (0, "callback"),
    "request_loader": (0, "callback"),
    "teardown_appcontext": (0, "f"),
    "teardown_request": (0, "f"),
    "teardown_app_request": (0, "f"),
    "before_request": (0, "f"),
    "before_app_request": (0, "f"),
    "after_request": (0, "f"),
    "after_app_request": (0, "f"),
    "context_processor": (0, "f"),
    "app_context_processor": (0, "f"),
    "register_error_handler": (1, "f"),
    "add_template_filter": (0, "f"),
    "add_api_route": (1, "endpoint"),
    "add_route": (1, "route"),
    "add_exception_handler": (1, "handler"),
    "Depends": (0, "dependency"),
    "Security": (0, "dependency"),
    "add_task": (0, "func"),
    "Thread": (1, "target"),
    "Timer": (1, "function"),
}
"""Calls that are handed the function itself: which argument it is. By last name, since the owner is often a parameter."""

CALLS_BY_NAME: dict[str, tuple[str, str]] = {
    **BY_METHOD,
    "add_url_rule": ("route", "flask"),
    "add_api_route": ("route", "fastapi"),
    "add_task": ("task", "fastapi"),
}
"""Of those, the ones whose last name says enough."""

VIEW_CLASSES: dict[str, str] = {
    "flask.views.MethodView": "flask",
    "flask.views.View": "flask",
    "flask_restful.Resource": "flask",
    "flask_restx.Resource": "flask",
    "starlette.endpoints.HTTPEndpoint": "starlette",
}
"""Classes whose methods named like verbs are routes."""

VIEW_METHODS = frozenset({*_VERBS, "dispatch_request"})

APPLICATIONS = frozenset({"flask.Flask", "quart.Quart", "fastapi.FastAPI", "starlette.applications.Starlette"})
"""Classes of applications: one object for as long as the process lives."""
