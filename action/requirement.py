"""What the action installs: prints the requirement for pip that the inputs `version` and `version-file` ask for.

Without either it is the revision of the action itself. Runs under whatever Python the runner has, with its standard library alone.
"""

import os
import re
import sys
from pathlib import Path

_SPECIFIER = r"(?:===|==|~=|!=|<=|>=|<|>)\s*[\w.*+!-]+"
_SPECIFIERS = re.compile(rf"{_SPECIFIER}(?:\s*,\s*{_SPECIFIER})*")
_VERSION = re.compile(r"\d[\w.*+!-]*")
_IN_FILES = (
    re.compile(r'^name = "sessionlint"\r?\nversion = "(?P<version>[^"]+)"', re.M),  # uv.lock, poetry.lock
    re.compile(r"""(?:^|["'])\s*sessionlint\s*(?:\[[^]\n]*\])?\s*(?P<specifiers>[=~!<>]=[^"'#;\\\n]*|[<>][^"'#;\\\n]*)""", re.M),
    re.compile(r'^sessionlint\s*=\s*"(?P<version>\d[^"]*)"', re.M),  # Poetry's table
    re.compile(r"""(?:^|["'])\s*sessionlint\s*(?:["'#;]|$)(?!\s*=)""", re.M),
)
"""How a requirement is written, the most exact first; what the last one finds asks for no version."""


class WrongInput(Exception):
    """What is wrong, for whoever wrote the workflow."""


def requirement(version: str, version_file: str, action_path: str) -> str:
    """What pip is to install."""
    if version:
        return _of_version(version.strip(), "`version`")
    return _of_file(Path(version_file)) if version_file else action_path


def _of_version(version: str, origin: str) -> str:
    if version == "latest":
        return "sessionlint"
    if _VERSION.fullmatch(version):
        return f"sessionlint=={version}"
    if _SPECIFIERS.fullmatch(version):
        return f"sessionlint{version}"
    raise WrongInput(f"{origin} is `{version}`, which is neither a version nor a specifier such as `>=0.1,<0.2`, nor `latest`")


def _of_file(path: Path) -> str:
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise WrongInput(f"`version-file` {path} cannot be read: {error}") from None
    for pattern in _IN_FILES:
        found = pattern.search(text)
        if found:
            given = found.groupdict()
            return _of_version((given.get("version") or given.get("specifiers") or "latest").strip(), f"the requirement in {path}")
    raise WrongInput(f"`version-file` {path} has no requirement of sessionlint")


def main() -> int:
    """Print the requirement, or an annotation that says what is wrong."""
    given = os.environ
    try:
        print(requirement(given.get("INPUT_VERSION", ""), given.get("INPUT_VERSION_FILE", ""), given["ACTION_PATH"]))
    except WrongInput as error:
        print(f"::error title=sessionlint::{error}", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
