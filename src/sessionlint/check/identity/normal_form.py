"""A piece of Python as one line that no formatter changes: without comments, line breaks, redundant parentheses, trailing commas and the
choice of quotes. It is made of words alone, so that it is the same under every version of Python."""

from __future__ import annotations

import keyword
import re
from collections.abc import Iterator

_TOKEN = re.compile(
    r"""
      (?P<skip>[\s\\]+|\#[^\r\n]*)
    | (?P<string>(?:\b[A-Za-z]{1,3})?(?:\"\"\"(?:\\.|[^\\])*?\"\"\"|'''(?:\\.|[^\\])*?'''|"(?:\\.|[^"\\\r\n])*"?|'(?:\\.|[^'\\\r\n])*'?))
    | (?P<word>\w+)
    | (?P<sign>->|:=|\*\*=?|//=?|<<=?|>>=?|[<>=!+\-*/%&|^@]=?|.)
    """,
    re.VERBOSE | re.DOTALL,
)
_STRING = re.compile(r"([A-Za-z]*)(\"\"\"|'''|\"|')(.*)", re.DOTALL)
_IN_FORMATTED = re.compile(r"""[\s"'\\]+""")
_HEXADECIMAL = re.compile(r"\\[xuU][0-9A-Fa-f]+")
_OPENING, _CLOSING = frozenset("([{"), frozenset(")]}")
_KEYWORDS = frozenset(keyword.kwlist) - {"None", "True", "False"}


def normal_form(code: str) -> str:
    """The code as one line. Two pieces that differ in their layout alone have the same."""
    return _spaced(_without_trailing_commas(_without_grouping(list(_tokens(code)))))


def says_something(normal: str) -> bool:
    """Whether the line has more to it than keywords: `try:`, `else:` and `return None` are found everywhere."""
    return '"' in normal or any(not keyword.iskeyword(word) for word in re.findall(r"[^\W\d]\w*", normal))


def _tokens(code: str) -> Iterator[str]:
    """Words and signs; strings that stand beside one another are one."""
    prefix, body, is_string = "", "", False
    for found in _TOKEN.finditer(code):
        kind, token = found.lastgroup, found[0]
        if kind == "string":
            prefix, body, is_string = _joined(prefix, body, token)
            continue
        if kind == "skip":
            continue
        if is_string:
            yield f'{prefix}"{body}"'
            prefix, body, is_string = "", "", False
        yield token.lower() if token[0].isdigit() else token
    if is_string:
        yield f'{prefix}"{body}"'


def _joined(prefix: str, body: str, token: str) -> tuple[str, str, bool]:
    """The prefix and the body of a string to which another one is added."""
    parts = _STRING.fullmatch(token)
    assert parts is not None, "the token begins with a quote"
    own, quote = parts[1].lower().replace("u", ""), parts[2]
    new = _HEXADECIMAL.sub(lambda found: found[0].lower(), parts[3].removesuffix(quote))
    if len(quote) == 3:
        new = " ".join(new.split())
    both = "".join(sorted({*prefix, *own}))
    if both in {"f", "fr", "t", "rt"}:
        return both, _IN_FORMATTED.sub("", body + new), True
    return both, body + new.replace("\\'", "'").replace('\\"', '"'), True


def _without_grouping(tokens: list[str]) -> list[str]:
    """Without the parentheses that call nothing: formatters add and remove them to break lines."""
    kept: list[str] = []
    is_call: list[bool] = []
    before = ""
    for position, token in enumerate(tokens):
        if token in _OPENING:
            is_empty = tokens[position + 1 : position + 2] == [")"]
            is_call.append(token != "(" or is_empty or _is_called(before, is_first=position == 1))
        is_kept = is_call[-1] if is_call and token in {"(", ")"} else True
        if token in _CLOSING and is_call:
            is_call.pop()
        if is_kept:
            kept.append(token)
        elif token == ")" and kept and kept[-1] == ",":
            kept.pop()
        before = token
    is_bare_class = kept[:1] == ["class"] and kept[2:] == ["(", ")", ":"]
    return [*kept[:2], ":"] if is_bare_class else kept


def _is_called(before: str, *, is_first: bool) -> bool:
    """Whether what stands in front of a parenthesis can be called; `case` and `match` are names but at the beginning of a line."""
    if before[-1:].isalnum() or before[-1:] == "_":
        return before not in _KEYWORDS and not (is_first and before in {"case", "match"})
    return before in {")", "]", "}"}


def _without_trailing_commas(tokens: list[str]) -> list[str]:
    after = [*tokens, ")"][1:]
    return [token for token, following in zip(tokens, after, strict=True) if token != "," or following not in (*_CLOSING, ":", "=")]


def _spaced(tokens: list[str]) -> str:
    """As a person would space it, more or less."""
    text, depth, before = "", 0, ""
    for token in tokens:
        text += token if _sits_tight(before, token, depth) else f" {token}"
        depth += (token in _OPENING) - (token in _CLOSING)
        before = token
    return text


def _sits_tight(before: str, token: str, depth: int) -> bool:
    if not before or before in {*_OPENING, ".", "~", "@"} or token in {*_CLOSING, ",", ":", ".", ";"}:
        return True
    if token in {"(", "["}:
        return before not in _KEYWORDS and before not in {",", ":", "="} and not before.endswith("=")
    if before in {",", ":"}:
        return False
    if before in {"*", "**"} and depth > 0:
        return True
    return depth > 0 and "=" in {before, token}
