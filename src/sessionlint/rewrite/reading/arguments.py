"""The arguments of a call as they are written, and how those of several calls become those of one. Entry points: `Written`, `joined`."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import libcst as cst


def _code(node: cst.CSTNode) -> str:
    import libcst as cst

    return cst.Module([]).code_for_node(node)


@dataclass(frozen=True, slots=True)
class Written:
    """What stands between the parentheses of a call: `body` from the first argument to the last, `lead` and `trail` what surrounds it
    (blanks, line ends and comments), with a comma in front of `trail` or without."""

    body: str
    lead: str = ""
    trail: str = ""
    has_comma: bool = False
    arguments: tuple[cst.Arg, ...] = ()

    @classmethod
    def parsed(cls, inner: str) -> Written:
        """The arguments of `f(inner)`; raises `libcst.ParserSyntaxError` where that is no call."""
        import libcst as cst

        call = cst.parse_expression(f"f({inner})")
        assert isinstance(call, cst.Call)
        if not call.args:
            return cls("", _code(call.whitespace_before_args))
        last = call.args[-1]
        comma = last.comma if isinstance(last.comma, cst.Comma) else None
        trail = (_code(comma.whitespace_after) if comma else "") + _code(last.whitespace_after_arg)
        bare = last.with_changes(comma=cst.MaybeSentinel.DEFAULT, whitespace_after_arg=cst.SimpleWhitespace(""))
        arguments = (*call.args[:-1], bare)
        body = "".join(_code(argument) for argument in arguments)
        return cls(body, _code(call.whitespace_before_args), trail, comma is not None, arguments)

    @property
    def is_bare(self) -> bool:
        """Whether nothing but blanks and line ends surrounds the arguments."""
        return not self.lead.strip() and not self.trail.strip()

    @property
    def is_commented(self) -> bool:
        """Whether there are comments among the arguments, or around them."""
        import libcst as cst

        comments = [self.lead, self.trail, *(argument.comma for argument in self.arguments)]
        return any("#" in (part if isinstance(part, str) else _code(part)) for part in comments if not isinstance(part, cst.MaybeSentinel))

    def keywords(self) -> dict[str, str] | None:
        """The code of every argument by its keyword; None if one has none, or if there are comments."""
        if self.is_commented or any(argument.keyword is None for argument in self.arguments):
            return None
        return {argument.keyword.value: _code(argument.value) for argument in self.arguments if argument.keyword is not None}


def joined(first: Written, second: Written, *others: str) -> str:
    """The arguments of one call that gets those of two and others besides, with the comments and line ends of the two."""
    line = second.lead if "\n" in second.lead and not second.lead.strip() else ""
    if line and not first.lead:
        first = replace(first, lead=line)
    text = first.lead + first.body + ","
    if "#" in first.trail:
        text += first.trail
    text += _after(text, second.lead) + second.body
    if others and "#" in second.trail:
        closing = second.trail[len(second.trail.rstrip()) :]
        text = f"{text},{second.trail.rstrip()}{line or closing}" + f",{line or ' '}".join(others)
        second = replace(second, trail=closing)
    else:
        text += "".join(f",{line or ' '}{other}" for other in others)
    return text + ("," if second.has_comma and "\n" in second.trail else "") + second.trail


def _after(text: str, lead: str) -> str:
    """`lead` as it fits behind a comma, or at the beginning of a line."""
    if text.rstrip(" \t").endswith(("\n", "\r")):
        return lead.lstrip()
    return lead if lead[:1].isspace() else f" {lead}"
