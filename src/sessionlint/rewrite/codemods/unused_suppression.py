"""unused-suppression: codes that silence nothing go."""

from __future__ import annotations

from collections.abc import Set

from sessionlint.check.finding import Applicability, Finding
from sessionlint.check.silencing import ends, meant, suppressions_of
from sessionlint.facts import Suppression
from sessionlint.rewrite.codemod import Codemod, FileEdit, Proposal, Refusal, Spot
from sessionlint.rewrite.suppressing import merged, without_codes
from sessionlint.source import Range

_WHERE_BLANKS_DO_NOT_COUNT = (".html", ".htm", ".xhtml")


class UnusedSuppression(Codemod):
    """Remove codes that silence nothing from `# sessionlint: ignore[…]`, `file-ignore[…]`, `disable[…]` and `# noqa: …`.

    Other codes stay, with the reason; a comment without any is removed, with the blanks in front of it, and with its line if it has it
    for itself. Other comments on the line (`# type: ignore`, `# pragma: no cover`) stay as they are. With the codes of a `disable[…]` go
    those of the `enable[…]` that ends it, unless that ends another one too.

    In a template the line of a comment goes with it, which a browser does not show; where the text may be read otherwise (not HTML), the
    fix is unsafe.
    """

    name = "unused-suppression"
    fixes = ("SES002",)

    def propose(self, spot: Spot) -> Proposal | Refusal:
        """The comment without the codes that the finding names."""
        finding = spot.about
        assert isinstance(finding, Finding)
        others = suppressions_of(self.program, spot.file)
        suppression = next((one for one in others if one.at == finding.at.range), None)
        if suppression is None:
            return Refusal("no-comment", "there is no comment there any more")
        try:
            text = self.context.lines.text(spot.file)
        except (UnicodeDecodeError, SyntaxError):
            return Refusal("encoding", "the file is not in the encoding that it should be in")
        is_template = spot.file in self.program.templates
        codes = _named(finding)
        places = {suppression.at: codes, **_enables(suppression, codes, others)}
        edits = [without_codes(text, at, named, is_template=is_template) for at, named in places.items()]
        is_safe = not is_template or any(suffix in spot.file.lower() for suffix in _WHERE_BLANKS_DO_NOT_COUNT)
        return Proposal(
            {spot.file: FileEdit(merged(edits))},
            "Remove the comment" if set(suppression.codes) <= codes else f"Remove {', '.join(f'`{code}`' for code in sorted(codes))}",
            Applicability.SAFE if is_safe else Applicability.UNSAFE,
            comments=frozenset((spot.file, at.row) for at in places),
        )


def _named(finding: Finding) -> frozenset[str]:
    """The codes that the finding calls unused; its evidence is `kind[code, code]`."""
    inside = finding.evidence.partition("[")[2].removesuffix("]")
    return frozenset(code.strip().upper() for code in inside.split(","))


def _enables(disable: Suppression, codes: Set[str], others: tuple[Suppression, ...]) -> dict[Range, set[str]]:
    """What would end nothing any more: the codes of each `enable`, by place."""
    if disable.kind != "disable":
        return {}
    left = [code for code in disable.codes if code not in codes]
    found: dict[Range, set[str]] = {}
    for enable in others:
        if enable.kind != "enable" or not ends(enable, disable):
            continue
        still = [
            code for other in others if other.kind == "disable" and other is not disable and ends(enable, other) for code in other.codes
        ]
        needed = {rule for code in (*left, *still) for rule in meant(code)}
        if idle := {code for code in enable.codes if meant(code) and not meant(code) & needed}:
            found[enable.at] = idle
    return found
