"""Libraries whose names are theirs even where a file of the program is called alike, and their private modules' public names."""

from __future__ import annotations

UNDERSTOOD = frozenset(
    {
        "alembic",
        "celery",
        "click",
        "fastapi",
        "flask",
        "flask_login",
        "flask_sqlalchemy",
        "jinja2",
        "marshmallow",
        "pydantic",
        "sqlalchemy",
        "sqlmodel",
        "starlette",
        "streamlit",
        "typer",
    }
)
"""Roots whose names mean something to sessionlint: a stand-in module of the program with such a name is taken for the library."""

INSTALLED = UNDERSTOOD | frozenset(
    {
        "aiohttp",
        "anyio",
        "attr",
        "attrs",
        "bcrypt",
        "boto3",
        "cachetools",
        "cryptography",
        "dotenv",
        "flask_caching",
        "flask_cors",
        "flask_migrate",
        "flask_wtf",
        "gunicorn",
        "httpx",
        "numpy",
        "openai",
        "pandas",
        "passlib",
        "psycopg2",
        "psutil",
        "pymysql",
        "pytest",
        "redis",
        "requests",
        "rich",
        "rq",
        "six",
        "tenacity",
        "uvicorn",
        "werkzeug",
        "wtforms",
        "yaml",
    }
)
"""Roots that mean the installed library unless the program has a top-level module of that name."""

PUBLIC_MODULES: dict[str, tuple[tuple[str, str], ...]] = {
    "typing_extensions": (("typing_extensions.", "typing."),),
    "flask": (
        ("flask.globals.", "flask."),
        ("flask.app.", "flask."),
        ("flask.blueprints.", "flask."),
        ("flask.sansio.blueprints.", "flask."),
        ("flask.ctx.", "flask."),
        ("flask.templating.", "flask."),
        ("flask.helpers.", "flask."),
    ),
    "flask_login": (
        ("flask_login.utils.", "flask_login."),
        ("flask_login.login_manager.", "flask_login."),
        ("flask_login.mixins.", "flask_login."),
    ),
    "fastapi": (
        ("fastapi.applications.", "fastapi."),
        ("fastapi.routing.", "fastapi."),
        ("fastapi.params.", "fastapi."),
        ("fastapi.param_functions.", "fastapi."),
        ("fastapi.background.", "fastapi."),
    ),
    "starlette": (("starlette.background.", "fastapi."),),
    "celery": (("celery.app.base.", "celery."), ("celery.app.", "celery.")),
    "streamlit": (("streamlit.runtime.caching.", "streamlit."),),
}
