"""What an imported name means, whichever way it is imported."""

# ruff: noqa: E501 -- one program a line
from __future__ import annotations

import pytest

LIBRARY = {
    "pkg/__init__.py": "from .models import User as User\nfrom . import late\n",
    "pkg/models.py": "class User: ...\nclass Order: ...\n_hidden = 1\n",
    "pkg/late.py": "from pkg import User\ndef now(): ...\n",
    "pkg/sub/__init__.py": "",
    "pkg/sub/deep.py": "def dig(): ...\n",
    "pkg/listed.py": "__all__ = ['shown']\n__all__ += ['_odd']\ndef shown(): ...\ndef hidden(): ...\ndef _odd(): ...\n",
}

STATEMENTS = [
    ("from pkg.models import User", "User", "class pkg/models.py:User"),
    ("from pkg import User", "User", "class pkg/models.py:User"),
    ("import pkg", "pkg.User", "class pkg/models.py:User"),
    ("import pkg.models", "pkg.models.Order", "class pkg/models.py:Order"),
    ("import pkg.sub.deep", "pkg.sub.deep.dig", "function pkg/sub/deep.py:dig"),
    ("import pkg.sub.deep as d", "d.dig", "function pkg/sub/deep.py:dig"),
    ("from pkg import models as m", "m.User", "class pkg/models.py:User"),
    ("from pkg.sub import deep", "deep", "module pkg.sub.deep"),
    ("from pkg import late", "late.User", "class pkg/models.py:User"),
    ("from pkg.models import *", "Order", "class pkg/models.py:Order"),
    ("from pkg.models import *", "_hidden", "nothing"),
    ("from pkg.listed import *", "shown", "function pkg/listed.py:shown"),
    ("from pkg.listed import *", "_odd", "function pkg/listed.py:_odd"),
    ("from pkg.listed import *", "hidden", "nothing"),
    ("from pkg.models import Missing", "Missing", "nothing"),
    ("try:\n    from pkg.models import User\nexcept ImportError:\n    User = None", "User", "class pkg/models.py:User"),
    ("try:\n    from elsewhere import User\nexcept ImportError:\n    from pkg.models import User", "User", "class pkg/models.py:User"),
    ("import typing\nif typing.TYPE_CHECKING:\n    from pkg import User\nelse:\n    User = object", "User", "class pkg/models.py:User"),
    ("from sqlalchemy import orm as o", "o.Session", "external sqlalchemy.orm.Session"),
    ("import sqlalchemy as sa, sqlalchemy.orm", "sa.orm.sessionmaker", "external sqlalchemy.orm.sessionmaker"),
    ("from sqlalchemy.orm import *", "joinedload", "external sqlalchemy.orm.joinedload"),
    ("from sqlalchemy.orm import *", "nothing_like_it", "nothing"),
    ("from sqlmodel.ext.asyncio.session import AsyncSession", "AsyncSession", "external sqlalchemy.ext.asyncio.AsyncSession"),
    ("", "len", "external builtins.len"),
    ("", "unknown", "nothing"),
    ("import pkg\nmodels = pkg.models\nThing = models.User", "Thing", "class pkg/models.py:User"),
    ("A = B\nB = A", "A", "variable main.py:A"),
    ("from sqlalchemy.orm import sessionmaker, Session\nMaker = sessionmaker[Session]\n", "sessionmaker[Session]", "external sqlalchemy.orm.sessionmaker"),
    ("import os", "os.environ['HOME']", "nothing"),
]  # fmt: skip


@pytest.mark.parametrize(("statement", "expression", "expected"), STATEMENTS)
def test_at_module_level(build, statement, expression, expected):
    program = build({**LIBRARY, "main.py": f"{statement}\ndef f():\n    return {expression}\n"})
    assert program.resolved("main.py") == expected


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        ("from .models import User", "class pkg/models.py:User"),
        ("from . import User", "class pkg/models.py:User"),
        ("from ..pkg.models import User", "class pkg/models.py:User"),
        ("from .nowhere import User", "external pkg.nowhere.User"),
    ],
)
def test_relative(build, statement, expected):
    program = build({**LIBRARY, "pkg/user.py": f"{statement}\ndef f():\n    return User\n"})
    assert program.resolved("pkg/user.py") == expected


def test_relative_in_a_package_and_below(build):
    program = build({**LIBRARY, "pkg/sub/__init__.py": "from ..models import User\nfrom .deep import dig\ndef f():\n    return User\n"})
    assert program.resolved("pkg/sub/__init__.py") == "class pkg/models.py:User"
    assert program.say(program.program.files["pkg/sub/__init__.py"].bindings["dig"]) == "function pkg/sub/deep.py:dig"


@pytest.mark.parametrize(
    ("files", "importer", "statement", "expected"),
    [
        ({"src/app/models.py": "class User: ..."}, "main.py", "from app.models import User", "class src/app/models.py:User"),
        ({"tool/models.py": "class User: ..."}, "tool/run.py", "from models import User", "class tool/models.py:User"),
        ({"tool/models.py": "class User: ..."}, "tool/jobs/run.py", "from models import User", "class tool/models.py:User"),
        ({"deep/app/models.py": "class User: ..."}, "main.py", "from app.models import User", "class deep/app/models.py:User"),
        (
            {"a/models.py": "class User: ...", "b/models.py": "class User: ..."},
            "b/run.py",
            "from models import User",
            "class b/models.py:User",
        ),
        (
            {"a/models.py": "class User: ...", "b/models.py": "class User: ..."},
            "main.py",
            "from models import User",
            "external models.User",
        ),
        ({"models.py": "class User: ...", "a/models.py": "class User: ..."}, "a/run.py", "from models import User", "class models.py:User"),
        ({"streamlit.py": "User = {}"}, "main.py", "from streamlit import User", "external streamlit.User"),
        ({"app/redis.py": "class User: ..."}, "app/run.py", "from redis import User", "external redis.User"),
        ({"app/queue.py": "class User: ..."}, "app/run.py", "from queue import User", "external queue.User"),
    ],
)
def test_where_modules_are_looked_for(build, files, importer, statement, expected):
    program = build({**files, importer: f"{statement}\ndef f():\n    return User\n"})
    assert program.resolved(importer) == expected


def test_import_cycles_end(build):
    program = build({"a.py": "from b import x, y\ndef z(): ...\n", "b.py": "from a import x, z\ndef y(): ...\n"})
    assert {name: program.say(symbol) for name, symbol in program.program.files["a.py"].bindings.items()} == {
        "y": "function b.py:y",
        "z": "function a.py:z",
    }
    assert {name: program.say(symbol) for name, symbol in program.program.files["b.py"].bindings.items()} == {
        "y": "function b.py:y",
        "z": "function a.py:z",
    }


def test_star_cycles_end(build):
    program = build({"a.py": "from b import *\nclass A: ...\n", "b.py": "from a import *\nclass B: ...\n"})
    assert sorted(program.program.files["a.py"].bindings) == ["A", "B"]
    assert sorted(program.program.files["b.py"].bindings) == ["A", "B"]


def test_a_file_with_a_syntax_error_is_an_empty_module(build):
    from pathlib import Path

    from sessionlint.capture import capture
    from sessionlint.config import Settings
    from sessionlint.link import link
    from sessionlint.source import SourceFile

    good = (SourceFile(Path("/p/a.py"), "a.py", "a"), capture(b"from b import x\ndef f(): ...\n"))
    bad = (SourceFile(Path("/p/b.py"), "b.py", "b"), capture(b"def ("))
    program = link({"a.py": good, "b.py": bad}, Settings(Path("/p")))
    assert sorted(program.files["a.py"].bindings) == ["f"]
    assert program.files["b.py"].bindings == {}
