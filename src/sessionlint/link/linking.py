"""The order in which a program is linked. Entry point: `link`."""

from __future__ import annotations

from collections.abc import Mapping

from sessionlint.config import Settings
from sessionlint.facts import FileFacts, ops
from sessionlint.knowledge.frameworks.entrypoints import CALLS
from sessionlint.knowledge.sqlalchemy.constructs import FLASK_SQLALCHEMY
from sessionlint.knowledge.sqlalchemy.sessions import ASYNC_FACTORIES, FACTORIES
from sessionlint.link.collect import Collected, collect
from sessionlint.link.dotted import Dotting
from sessionlint.link.entrypoints import find_entry_points
from sessionlint.link.names.annotations import Annotations
from sessionlint.link.names.hierarchy import Hierarchy
from sessionlint.link.names.lookup import Names
from sessionlint.link.names.walk import argument, keyword, literal, text
from sessionlint.link.program import Module, Program
from sessionlint.link.registry import build_models
from sessionlint.link.sessions.acquisitions import find_acquisitions
from sessionlint.link.sessions.origins import Origins
from sessionlint.link.sessions.receivers import Receivers
from sessionlint.link.sessions.scopes import find_scopes
from sessionlint.link.symbols import External, FunctionId
from sessionlint.link.web.applications import Applications
from sessionlint.link.web.reach import Reach
from sessionlint.link.web.sessions import unended_sessions
from sessionlint.link.web.templates import Templates
from sessionlint.link.web.users import find_user_reads
from sessionlint.source import SourceFile

_ADDER = "add_property"
_MAPPERS = frozenset({"map_imperatively", "mapper"})
_FACTORIES = FACTORIES | ASYNC_FACTORIES | {FLASK_SQLALCHEMY}
_WEB = frozenset({"DictLoader", "Flask", "Quart", "FastAPI", "Starlette", "scoped_session"})
_FACTORY_NAMES = frozenset(name.rpartition(".")[2] for name in _FACTORIES)


_ROUTING = frozenset({"add_api_route", "include_router"})
"""Calls by which a FastAPI application gets its routes where no decorator makes them."""


def link(
    files: Mapping[str, tuple[SourceFile, FileFacts]],
    settings: Settings,
    templates: Mapping[str, tuple[SourceFile, FileFacts]] | None = None,
) -> Program:
    """The facts of all files as one program; deterministic, whatever the order of `files`.

    `files` are by name (`SourceFile.name`); one with an error takes part as an empty module. `templates` are no modules.
    """
    files = {name: files[name] for name in sorted(files)}
    readable = {name: facts for name, (_, facts) in files.items() if facts.functions}
    acquirers = settings.sessions.acquirers
    wanted = _MAPPERS | {_ADDER} | _WEB | _FACTORY_NAMES | CALLS.keys() | _ROUTING | {acquirer.rpartition(".")[2] for acquirer in acquirers}
    collected = collect(readable, wanted)
    names = Names(files)
    for file, found in collected.globals.items():
        names.declare_globals(file, found)
    hierarchy = Hierarchy(names)
    annotations, dotting = Annotations(names, hierarchy), Dotting(names, hierarchy)
    receivers = Receivers(names, hierarchy, annotations, dotting)
    default_expiry = not _is_switched_off(names, collected, "expire_on_commit")
    origins = Origins(receivers, acquirers, default_expiry)
    modules = {name: Module(source, facts, names.module_bindings(name)) for name, (source, facts) in files.items()}
    entry_points = find_entry_points(receivers, collected)
    models = build_models(names, hierarchy, annotations, _calls(collected, _MAPPERS), collected.additions, collected.calls[_ADDER])
    reach = Reach(receivers)
    of_templates = _templates(templates or {}, readable, receivers, collected)
    linked = Program(
        files=modules,
        modules={module: modules[file] for module, file in sorted(names.finder.file_of.items())},
        models=models,
        scopes=find_scopes(origins, settings.sessions.closers),
        acquisitions=find_acquisitions(acquirers, collected, receivers),
        entry_points=entry_points,
        default_expiry=default_expiry,
        default_autoflush=not _is_switched_off(names, collected, "autoflush"),
        identity_keys=frozenset(settings.sessions.identity_keys),
        requires_reasons=settings.lint.require_reason,
        names=names,
        hierarchy=hierarchy,
        annotations=annotations,
        dotting=dotting,
        templates=of_templates,
        route_calls=tuple(_calls(collected, _ROUTING)),
        unended_sessions=unended_sessions(reach, origins, collected, entry_points),
        applications=Applications(reach, origins, collected, entry_points, models, settings.sessions.view_decorators),
        user_reads=find_user_reads(of_templates.facts, names, entry_points, settings.sessions.user_names),
    )
    names.add(of_templates.facts)  # last, since nothing above is meant for them
    return linked


def _calls(collected: Collected, names: frozenset[str]) -> list[tuple[FunctionId, ops.Call]]:
    return [call for name in sorted(names) for call in collected.calls[name]]


def _templates(
    files: Mapping[str, tuple[SourceFile, FileFacts]], python: Mapping[str, FileFacts], receivers: Receivers, collected: Collected
) -> Templates:
    """The template files, and what loaders find under a name besides."""
    found = Templates(files, python)
    for function, call in collected.calls["DictLoader"]:
        _give_templates(found, receivers, function, call)
    return found


def _give_templates(templates: Templates, receivers: Receivers, function: FunctionId, call: ops.Call) -> None:
    """The templates of `DictLoader({"page.html": PAGE})`."""
    given = argument(call, 0, "mapping")
    mappings = [(function, given), *receivers.values_of(function, given)] if given is not None else []
    for place, mapping in mappings:
        for key, value in zip(mapping.keys, mapping.values, strict=True) if isinstance(mapping, ops.DictDisplay) else ():
            for _, constant in [(place, value), *receivers.values_of(place, value)]:
                if text(constant):
                    templates.give(text(key), text(constant), place.file)


def _is_switched_off(names: Names, collected: Collected, option: str) -> bool:
    """Whether a session factory of the program is made with `option=False`."""
    for function, call in _calls(collected, _FACTORY_NAMES):
        symbol = names.resolve(function, call.func)
        options = keyword(call, "session_options")
        given = keyword(call, option)
        if isinstance(options, ops.DictDisplay):
            pairs = zip(options.keys, options.values, strict=True)
            given = next((value for key, value in pairs if literal(key) == option), given)
        if isinstance(symbol, External) and symbol.name in _FACTORIES and literal(given) is False:
            return True
    return False
