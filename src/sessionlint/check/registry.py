"""Which rules there are. The folder `rules/` is the registry: a file `sesNNN_some_name.py` that defines `SomeName` adds the rule SESNNN."""

from __future__ import annotations

import importlib
import pkgutil
import re
from collections.abc import Iterable
from functools import cache
from typing import TYPE_CHECKING

from sessionlint.check import rules as folder
from sessionlint.check.catalogue import CATALOGUE
from sessionlint.source import SessionlintError

if TYPE_CHECKING:
    from sessionlint.check.rule import Rule

_FILE = re.compile(r"(ses\d{3})_(\w+)")


@cache
def all_rules() -> tuple[Rule, ...]:
    """One instance of every rule, by code."""
    return tuple(_loaded(code, words) for code, words in sorted(_files().items()))


@cache
def _files() -> dict[str, str]:
    """What the files of the folder are called, by the beginning that is a code."""
    files = (_FILE.fullmatch(module.name) for module in pkgutil.iter_modules(folder.__path__))
    return {file[1]: file[2] for file in files if file}


@cache
def _loaded(code: str, words: str) -> Rule:
    from sessionlint.check.rule import Rule

    module = importlib.import_module(f"{folder.__name__}.{code}_{words}")
    class_name = words.title().replace("_", "")
    rule = getattr(module, class_name, None)
    if not (isinstance(rule, type) and issubclass(rule, Rule)):
        raise TypeError(f"{module.__name__} defines no rule `{class_name}`")
    if (rule.code, rule.name) != (code.upper(), words.replace("_", "-")):
        raise TypeError(f"{module.__name__} holds the rule {rule.code} {rule.name}, which belongs into a file of its own name")
    return rule()


def rule_of(code: str) -> Rule:
    """The rule of a code. Raises `SessionlintError` for an unknown one, with the nearest there is."""
    words = _files().get(code.lower())
    if words is None and code.upper() in reserved():
        raise SessionlintError(f"there is no rule `{code.upper()}` yet; it will be `{reserved()[code.upper()]}`")
    if words is None:
        raise SessionlintError(f"unknown rule `{code}`", hint=nearest(code))
    return _loaded(code.lower(), words)


def rules_called(text: str) -> tuple[Rule, ...]:
    """The rule of a code or name, or the rules whose codes begin so. Raises `SessionlintError` if there is none, with the nearest."""
    found = tuple(rule for rule in all_rules() if text and rule.code.startswith(text.upper()))
    if found:
        return found
    if text.lower() in {rule.name for rule in all_rules()}:
        return (rule_named(text.lower()),)
    return (rule_of(text),)


def nearest(code: str) -> str:
    """What the user may have meant by a code that is none: a sentence, empty if nothing is like it."""
    from difflib import get_close_matches

    by_name = next((rule for rule in all_rules() if rule.name == code.lower()), None)
    if by_name is not None:
        return f"the code of `{by_name.name}` is `{by_name.code}`"
    close = get_close_matches(code.upper(), [rule.code for rule in all_rules()], n=1, cutoff=0.5)
    if close:
        return f"did you mean `{close[0]}`?"
    close = get_close_matches(code.lower(), [rule.name for rule in all_rules()], n=1)
    return f"did you mean `{rule_named(close[0]).code}`?" if close else ""


def rule_named(name: str) -> Rule:
    """The rule of that name."""
    return next(rule for rule in all_rules() if rule.name == name)


@cache
def reserved() -> dict[str, str]:
    """Codes of the catalogue that have no rule yet, with the names they will have."""
    return {code: name for code, name in CATALOGUE.items() if code.lower() not in _files()}


def is_known(prefix: str) -> bool:
    """Whether a code or prefix means a rule, be it one that is to come."""
    return any(code.startswith(prefix) for code in CATALOGUE)


def asked_in_vain(codes: Iterable[str]) -> tuple[str, ...]:
    """Of the codes that a user named in full, those that have no rule yet: worth a warning, for nothing will be reported under them."""
    return tuple(sorted({code.upper() for code in codes} & reserved().keys()))
