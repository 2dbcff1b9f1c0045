"""Rendering of Jinja templates: the walk goes on in the template, with the variables that it is given. Entry points: `MODELS`,
`renderer_method`, `recognized`.

What is read in there and fails is reported on the call that renders. Jinja's own reading of `a.b` falls back to items, and a name that
nobody gave is just undefined: https://jinja.palletsprojects.com/en/stable/templates/#variables
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from sessionlint.knowledge.frameworks.templates import ENVIRONMENTS, FINDING, RENDERERS, RENDERING, RESPONDING, TEMPLATES
from sessionlint.link.symbols import FunctionId
from sessionlint.link.web.templates import BLOCK
from sessionlint.solve.calls.activation import entered, run_frame
from sessionlint.solve.history import Step
from sessionlint.solve.state.objects import Arguments, Collection, Renderer, Variables
from sessionlint.solve.state.state import PathState
from sessionlint.solve.state.tracking import carries
from sessionlint.solve.state.values import NONE, Const, FunctionValue, Key, Value
from sessionlint.solve.walk.machine import Frame, Machine, Rendering, Results
from sessionlint.source import Range

Model = Callable[[Machine, Frame, PathState, Arguments, Range], Results]


def render(
    machine: Machine, frame: Frame, state: PathState, body: FunctionId | None, context: Iterable[tuple[str, Value]], at: Range
) -> Results:
    """Render a template with the variables of `context`."""
    variables = dict(context)
    if body is None or not any(carries(state, value) for value in variables.values()):
        return [(state, machine.fresh(frame, state, at, "rendered"))]
    before = machine.rendering
    machine.rendering = Rendering(frame.at(at), frame.function)
    try:
        return _all(machine, frame, _run(machine, frame, state, body, at, variables, None), at)
    finally:
        machine.rendering = before


def _run(
    machine: Machine, frame: Frame, state: PathState, function: FunctionId, at: Range, names: dict[str, Value], outer: Key | None
) -> list[PathState]:
    """Walk a template's body or block, which sees `names` and the variables of the activation `outer`."""
    title = machine.program.function(function).name.removeprefix(BLOCK)
    place = f"`{function.file}`" if function.file in machine.program.templates else "the template"
    step = Step("call", frame.at(at), f"renders {place}" if title == "<template>" else f"renders the block `{title}`")
    inner = entered(machine, frame, function, at, step)
    if inner is None:
        return [state]
    state.variables[inner.key] = Variables(names, outer)
    if machine.rendering is not None and title == "<template>":
        for name, block in machine.program.templates.functions(function).items():
            if name.startswith(BLOCK):
                machine.rendering.blocks.setdefault(name, []).append(block)
    out = run_frame(machine, inner, state)
    for found, thrown in out.raised:
        machine.throw(frame, found, thrown)
    return [found for found, _ in out.returned]


def _all(machine: Machine, frame: Frame, states: list[PathState], at: Range) -> Results:
    return [(found, machine.fresh(frame, found, at, "rendered")) for found in states]


# -- what templates do with templates ---------------------------------------------------------------------------------


def _found(machine: Machine, frame: Frame, state: PathState, value: Value | None) -> FunctionId | None:
    """The template that a name means, or the first there is of several."""
    known, several = state.value(value) if value is not None else None, state.object(value)
    if isinstance(several, Collection) and several.items is not None:
        return next((found for item in several.items if (found := _found(machine, frame, state, item)) is not None), None)
    if isinstance(several, Renderer):
        return several.template
    if isinstance(known, Const) and isinstance(known.value, str):
        return machine.program.templates.named(known.value, frame.file)
    return None


def _extends(machine: Machine, frame: Frame, state: PathState, arguments: Arguments, at: Range) -> Results:
    """The parent is rendered, with the blocks of the child in place of its own; of a parent that is elsewhere only those are known."""
    parent = _found(machine, frame, state, arguments.get(0, ""))
    if parent is not None:
        return _all(machine, frame, _run(machine, frame, state, parent, at, {}, frame.key), at)
    states = [state]
    for name, block in machine.program.templates.functions(frame.function).items():
        if name.startswith(BLOCK):
            states = [after for found in states for after in _run(machine, frame, found, block, at, {}, frame.key)]
    return _all(machine, frame, states, at)


def _include(machine: Machine, frame: Frame, state: PathState, arguments: Arguments, at: Range) -> Results:
    """What is included sees the variables around; its blocks are its own."""
    included, before = _found(machine, frame, state, arguments.get(0, "")), machine.rendering
    if included is None or before is None:
        return [(state, NONE)]
    machine.rendering = Rendering(before.at, before.function)
    try:
        return _all(machine, frame, _run(machine, frame, state, included, at, {}, frame.key), at)
    finally:
        machine.rendering = before


def _import(machine: Machine, frame: Frame, state: PathState, arguments: Arguments, at: Range) -> Results:
    """`import "forms.html" as forms` and `from "forms.html" import field`: macros, which see each other."""
    imported, name = _found(machine, frame, state, arguments.get(0, "")), state.value(arguments.get(1, "") or NONE)
    if imported is None:
        return [(state, machine.fresh(frame, state, at, "imported"))]
    functions = machine.program.templates.functions(imported)
    env = frame.site(at, "imported")
    macros: dict[str, Value] = {key: FunctionValue(found, env) for key, found in functions.items() if not key.startswith(BLOCK)}
    state.variables[env] = Variables(macros)
    if isinstance(name, Const) and name.value is not None:
        return [(state, macros.get(str(name.value)) or machine.fresh(frame, state, at, "imported"))]
    return [(state, state.put(env, Collection("dict", tuple(macros.values()), tuple(macros))))]


def _block(machine: Machine, frame: Frame, state: PathState, arguments: Arguments, at: Range) -> Results:
    """A block as the nearest descendant has it."""
    return _nth_block(machine, frame, state, arguments, at, 0)


def _super(machine: Machine, frame: Frame, state: PathState, arguments: Arguments, at: Range) -> Results:
    """`super()`: the block as the parent has it."""
    known = [
        found for blocks in (machine.rendering.blocks.values() if machine.rendering else ()) if frame.function in blocks for found in blocks
    ]
    return _nth_block(machine, frame, state, arguments, at, known.index(frame.function) + 1 if known else 0)


def _nth_block(machine: Machine, frame: Frame, state: PathState, arguments: Arguments, at: Range, position: int) -> Results:
    name = arguments.positional[0]
    blocks = machine.rendering.blocks.get(f"{BLOCK}{name.value}", []) if machine.rendering and isinstance(name, Const) else []
    if position >= len(blocks):
        return [(state, NONE)]
    return _all(machine, frame, _run(machine, frame, state, blocks[position], at, {}, frame.key), at)


# -- who renders ------------------------------------------------------------------------------------------------------


def _by_name(machine: Machine, frame: Frame, state: PathState, arguments: Arguments, at: Range) -> Results:
    found = _found(machine, frame, state, arguments.get(0, "template_name_or_list"))
    return render(machine, frame, state, found, arguments.keywords, at)


def _by_text(machine: Machine, frame: Frame, state: PathState, arguments: Arguments, at: Range) -> Results:
    found = _inline(machine, frame, state, arguments.get(0, "source"))
    return render(machine, frame, state, found, arguments.keywords, at)


def _inline(machine: Machine, frame: Frame, state: PathState, value: Value | None) -> FunctionId | None:
    text = state.value(value) if value is not None else None
    if isinstance(text, Const) and isinstance(text.value, str):
        return machine.program.templates.inline(text.value, frame.file)
    return None


def _environment(machine: Machine, frame: Frame, state: PathState, arguments: Arguments, at: Range) -> Results:
    return [(state, state.put(frame.site(at, "environment"), Renderer(None)))]


def _template(machine: Machine, frame: Frame, state: PathState, arguments: Arguments, at: Range) -> Results:
    found = _inline(machine, frame, state, arguments.get(0, "source"))
    return [(state, state.put(frame.site(at, "template"), Renderer(found)))]


def renderer_method(
    machine: Machine, frame: Frame, state: PathState, template: FunctionId | None, name: str, arguments: Arguments, at: Range
) -> Results:
    """`environment.get_template(name)`, `template.render(user=user)`, `templates.TemplateResponse(request, name, context)`."""
    if name in RESPONDING:
        return _respond(machine, frame, state, arguments, at)
    if name in FINDING:
        find = _inline if name == "from_string" else _found
        found = find(machine, frame, state, arguments.positional[0] if arguments.positional else None)
        return [(state, state.put(frame.site(at, "template"), Renderer(found)))]
    if name in RENDERING:
        given = [pair for value in arguments.positional for pair in _items(state, value)]
        return render(machine, frame, state, template, [*given, *arguments.keywords], at)
    return [(state, machine.fresh(frame, state, at, name))]


def _respond(machine: Machine, frame: Frame, state: PathState, arguments: Arguments, at: Range) -> Results:
    values = [state.value(value) for value in arguments.all()]
    named = (value for value in values if isinstance(value, Const) and isinstance(value.value, str))
    found = next((body for value in named if (body := _found(machine, frame, state, value)) is not None), None)
    return render(machine, frame, state, found, [pair for value in values for pair in _items(state, value)], at)


def _items(state: PathState, value: Value) -> list[tuple[str, Value]]:
    found = state.object(value)
    if not isinstance(found, Collection) or found.kind != "dict" or found.items is None:
        return []
    return [(key, item) for key, item in zip(found.keys, found.items, strict=False) if isinstance(key, str)]


def recognized(machine: Machine, frame: Frame, state: PathState, name: str, arguments: Arguments, at: Range) -> Results | None:
    """A method of something unknown that is given the name or the text of a template which there is."""
    if name not in FINDING | RESPONDING:
        return None
    for value in arguments.all()[:2]:
        find = _inline if name == "from_string" else _found
        if isinstance(state.value(value), Const) and find(machine, frame, state, value) is not None:
            return renderer_method(machine, frame, state, None, name, arguments, at)
    return None


MODELS: dict[str, Model] = {
    "jinja.extends": _extends,
    "jinja.include": _include,
    "jinja.import": _import,
    "jinja.block": _block,
    "jinja.super": _super,
    **{name: _by_text if is_text else _by_name for name, is_text in RENDERERS.items()},
    **dict.fromkeys(ENVIRONMENTS, _environment),
    **dict.fromkeys(TEMPLATES, _template),
}
"""Calls of what is not part of the program, by canonical name."""
