"""Repositories around files, and what a revision means in one. Entry points: `top_of`, `tree_of`."""

from __future__ import annotations

import os

from sessionlint.revision.git import Git, GitFailed, NoRepository
from sessionlint.source import SessionlintError


def top_of(folder: str) -> str:
    """The innermost folder, from `folder` upwards, that has a `.git` (a folder, or a file in submodules and linked work trees); empty
    without."""
    while not os.path.exists(os.path.join(folder, ".git")):
        above = os.path.dirname(folder)
        if above == folder:
            return ""
        folder = above
    return folder


def repository_of(root: str) -> Git:
    """The repository that a project lies in."""
    top = top_of(root)
    if not top:
        raise NoRepository(f"`{root}` is in no git repository, so that there is no revision to compare with")
    git = Git(top)
    try:
        git.run("rev-parse", "--is-inside-work-tree")
    except GitFailed as error:
        hint = f"`git config --global --add safe.directory {top}`" if "dubious ownership" in str(error) else ""
        raise NoRepository(f"git cannot read the repository at `{top}`: {error}", hint=hint) from None
    return git


def tree_of(git: Git, revision: str) -> str:
    """The id of the tree that `revision` names, as `git diff REVISION` has it; `REVISION...` is where HEAD branched off from it.

    Raises `SessionlintError` with the way out for one that the repository does not have.
    """
    older, dots, newer = revision.partition("...")
    if dots:
        return _branching(git, older or "HEAD", newer)
    if ".." in revision:
        before = revision.partition("..")[0] or "HEAD"
        raise SessionlintError(f"`{revision}` is a range; the files as they are now are always its newer end", hint=f"give `{before}`")
    return _known(git, revision, "tree")


def _branching(git: Git, older: str, newer: str) -> str:
    head = _known(git, "HEAD", "commit")
    if newer and _known(git, newer, "commit") != head:
        raise SessionlintError(
            f"`{newer}` is not what is checked out; the files as they are now are always the newer end", hint=f"give `{older}...`"
        )
    base = git.line("merge-base", _known(git, older, "commit"), head).partition("\n")[0]
    if not base:
        raise SessionlintError(f"`{older}` and HEAD have no common commit" + _if_shallow(git), hint=_way_out(git, older))
    return _known(git, base, "tree")


def _known(git: Git, revision: str, kind: str) -> str:
    id = git.line("rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{{kind}}}")
    if id:
        return id
    if not git.line("rev-parse", "--verify", "--quiet", "HEAD"):
        raise NoRepository(f"unknown revision `{revision}`: the repository at `{git.folder}` has no commit yet")
    raise SessionlintError(f"unknown revision `{revision}`" + _if_shallow(git), hint=_way_out(git, revision))


def _is_shallow(git: Git) -> bool:
    return git.line("rev-parse", "--is-shallow-repository") == "true"


def _if_shallow(git: Git) -> str:
    return " in this shallow clone" if _is_shallow(git) else ""


def _way_out(git: Git, revision: str) -> str:
    remotes = git.line("remote").split()
    remote, slash, branch = revision.partition("/")
    if slash and remote in remotes and branch.isprintable() and " " not in branch:
        depth = " --depth=1000" if _is_shallow(git) else ""
        return f"`git fetch{depth} {remote} {branch}:refs/remotes/{remote}/{branch}`"
    if _is_shallow(git):
        return "`git fetch --unshallow`, or `git fetch --depth=1000`; in GitHub Actions `fetch-depth: 0` of actions/checkout"
    return "`git fetch` brings what other repositories have" if remotes else "`git log` lists those that there are"
