"""The private method by which a class gets its sessions: its text, and how one is known again.
Entry points: `method_lines`, `is_fallback`."""

from __future__ import annotations

from sessionlint.facts import FunctionFacts, ops

CLOSING = "_session_scope"
"""The method for sites that close their session themselves."""

ENTERING = "_session_block"
"""The method for sites that enter the session in a `with`; a stand-in may tell the two apart."""

_HEAD = '''
@contextmanager
def {name}(self):
    """The session of the application's manager, where that is for the same database, or else a plain one{note}."""
    from flask import current_app, has_app_context

    manager = getattr(current_app, "{base}", None) if has_app_context() else None
'''
_PASSING = """
    if manager is not None and getattr(manager, "{attribute}", None) is self.{attribute}:
        with manager.{method}() as session:
            yield session
    else:
"""
# The scope is told of no error: it would raise another in its place. What it may raise on entering, a plain session raises inside the
# block, where it is expected.
_KEEPING = """
    entered, error = False, None
    if manager is not None and getattr(manager, "{attribute}", None) is self.{attribute}:
        try:
            with manager.{method}() as session:
                entered = True
                try:
                    yield session
                except BaseException as raised:
                    error = raised
                    session.close()
        except Exception:
            if entered:
                raise
    if error is not None:
        raise error
    if not entered:
"""
_CLOSES = """
        session = self.{attribute}.get_session()
        try:
            yield session
        finally:
            session.close()
"""
_ENTERS = """
        with self.{attribute}.get_session() as session:
            yield session
"""


def method_name(attribute: str, *, enters: bool) -> str:
    """What the method for the manager in `attribute` is called."""
    return (ENTERING if enters else CLOSING) + ("" if attribute == "db_manager" else f"_of_{attribute.strip('_')}")


def method_lines(attribute: str, wanted: str, *, enters: bool, keeps_errors: bool) -> list[str]:
    """The method, not indented; `wanted` is the application's scope, `keeps_errors` whether errors have to be kept from it."""
    base, _, method = wanted.rpartition(".")
    parts = (_HEAD, _KEEPING if keeps_errors else _PASSING, _ENTERS if enters else _CLOSES)
    text = "\n".join(part.strip("\n") for part in parts)
    note = "; errors pass as they are" if keeps_errors else ""
    name = method_name(attribute, enters=enters)
    return text.format(name=name, note=note, base=base, method=method, attribute=attribute).split("\n")


def is_fallback(function: FunctionFacts) -> bool:
    """Whether a method bears the name, and has the form, of one that this codemod writes."""
    if function.owner < 0 or not function.name.startswith((CLOSING, ENTERING)) or not function.decorators:
        return False
    imported = [{item.name for item in s.names} for s in function.body if isinstance(s, ops.Import) and s.module == "flask"]
    return imported == [{"current_app", "has_app_context"}]
