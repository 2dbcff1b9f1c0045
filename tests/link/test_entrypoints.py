"""Which functions a framework calls."""

# ruff: noqa: E501 -- one program a line
from __future__ import annotations

import pytest

FLASK = """
from flask import Blueprint, Flask
from flask_login import LoginManager
app = Flask(__name__)
bp = Blueprint("bp", __name__)
login_manager = LoginManager()
"""
FASTAPI = """
from typing import Annotated
from fastapi import APIRouter, BackgroundTasks, Depends, FastAPI
app = FastAPI()
router = APIRouter()
"""

CASES = [
    (FLASK + "@app.route('/')\ndef f(): ...", ["route flask"]),
    (FLASK + "@bp.post('/x')\n@bp.route('/y')\ndef f(): ...", ["route flask", "route flask"]),
    (FLASK + "def f(): ...\napp.add_url_rule('/', 'f', f)", ["route flask"]),
    (FLASK + "def f(): ...\napp.add_url_rule('/', view_func=f)", ["route flask"]),
    (FLASK + "@login_manager.user_loader\ndef f(): ...", ["user_loader flask-login"]),
    (FLASK + "def f(): ...\nlogin_manager.user_loader(f)", ["user_loader flask-login"]),
    (FLASK + "@app.teardown_appcontext\ndef f(error): ...", ["teardown flask"]),
    (FLASK + "@app.before_request\ndef f(): ...", ["before_request flask"]),
    (FLASK + "@app.errorhandler(404)\ndef f(e): ...", ["error_handler flask"]),
    (FLASK + "@app.context_processor\ndef f(): ...", ["context_processor flask"]),
    (FLASK + "@app.cli.command('seed')\ndef f(): ...", ["command flask"]),
    (FLASK + "@app.template_filter('x')\ndef f(v): ...", ["template_filter flask"]),
    ("def register(app):\n    @app.route('/x')\n    def f(): ...", ["route flask"]),
    ("def register(bp):\n    @bp.get('/x')\n    def f(): ...", ["route flask"]),
    ("def register(login):\n    @login.user_loader\n    def f(i): ...", ["user_loader flask-login"]),
    ("from flask import Flask\ndef make():\n    app = Flask('x')\n    @app.route('x')\n    def f(): ...", ["route flask"]),
    ("from flask import Flask\ndef make(app: Flask):\n    @app.route(path)\n    def f(): ...", ["route flask"]),
    ("from main_app import app\n@app.route('/x')\ndef f(): ...", ["route flask"]),
    ("from redis import app\n@app.route('/x')\ndef f(): ...", []),
    ("def f(): ...\ndef register(app):\n    app.teardown_request(f)", ["teardown flask"]),
    ("import threading\ndef f(): ...\nthreading.Thread(target=f).start()", ["thread threading"]),
    (FASTAPI + "@router.get('/')\nasync def f(): ...", ["route fastapi"]),
    (FASTAPI + "@app.websocket('/')\nasync def f(): ...", ["route fastapi"]),
    (FASTAPI + "def f(): ...\n@app.get('/')\ndef g(x=Depends(f)): ...", ["dependency fastapi"]),
    (FASTAPI + "def f(): ...\n@app.get('/')\ndef g(x: Annotated[int, Depends(f)]): ...", ["dependency fastapi"]),
    (FASTAPI + "def f(): ...\nDep = Annotated[int, Depends(f)]", ["dependency fastapi"]),
    (FASTAPI + "def f(): ...\ndef g(tasks: BackgroundTasks):\n    tasks.add_task(f, 1)", ["task fastapi"]),
    (FASTAPI + "def f(): ...\ndef g(tasks):\n    tasks.add_task(f, 1)", ["task fastapi"]),
    ("from celery import Celery, shared_task\ncelery = Celery()\n@celery.task(bind=True)\n@shared_task\ndef f(): ...", ["task celery", "task celery"]),
    ("import click\n@click.command()\n@click.option('--x')\ndef f(x): ...", ["command click"]),
    ("import typer\ncli = typer.Typer()\n@cli.command()\ndef f(x): ...", ["command typer"]),
    ("import functools\n@functools.lru_cache(maxsize=1)\ndef f(x): ...", ["cached functools"]),
    ("from cachetools import cached, TTLCache\n@cached(TTLCache(1, 2))\ndef f(x): ...", ["cached cachetools"]),
    ("from flask_caching import Cache\ncache = Cache()\n@cache.memoize(5)\ndef f(x): ...", ["cached flask-caching"]),
    ("class A:\n    def get(self, x): ...\na = A()\n@a.get('/x')\ndef f(): ...", []),
    ("def register(x):\n    @x.get('no path')\n    def f(): ...", []),
    ("def f(): ...\nf.route('/x')", []),
]  # fmt: skip


@pytest.mark.parametrize(("source", "expected"), CASES)
def test_functions(build, source, expected):
    program = build({"main.py": source}).program
    found = {function: points for function, points in program.entry_points.items() if program.function(function).name == "f"}
    assert [f"{point.kind} {point.framework}" for points in found.values() for point in points] == expected


def test_methods_and_classes(build):
    program = build(
        "from flask.views import MethodView\nfrom fastapi import Depends\nclass Users(MethodView):\n    def get(self): ...\n    def helper(self): ...\n"
        "class Service:\n    def __init__(self): ...\ndef g(s=Depends(Service)): ...\nclass Hooks:\n    def close(self, e): ...\n"
        "hooks = Hooks()\ndef register(app):\n    app.teardown_appcontext(hooks.close)\n"
    ).program
    found = {program.function(function).qualname: [point.kind for point in points] for function, points in program.entry_points.items()}
    assert found == {"Users.get": ["route"], "Service.__init__": ["dependency"], "Hooks.close": ["teardown"]}


def test_streamlit(build):
    program = build(
        {
            "app.py": "import streamlit as st\n@st.cache_resource\ndef f(): ...\n",
            "pages/report.py": "from helpers import f\n",
            "helpers.py": "def f(): ...\n",
            "late.py": "def f():\n    import streamlit\n",
        }
    ).program
    found = [
        (function.file, program.function(function).name, point.kind)
        for function, points in program.entry_points.items()
        for point in points
    ]
    assert found == [("app.py", "<module>", "page"), ("app.py", "f", "cached"), ("pages/report.py", "<module>", "page")]


def test_places(build):
    program = build(FLASK + "@app.route('/')\ndef f(): ...\n").program
    assert [str(point.at) for points in program.entry_points.values() for point in points] == ["main.py:7:2"]
