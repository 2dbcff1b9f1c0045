"""A codemod for libcst's own runner that looks at every node and changes none."""

from libcst.codemod import VisitorBasedCodemodCommand


class NoChange(VisitorBasedCodemodCommand):
    """Change nothing."""

    DESCRIPTION = "Changes nothing."
