"""How the files on the disk differ from a revision: which are new, gone, renamed or changed, where, and what they held then.

Files that git knows nothing of (ignored ones, those outside the repository or in one that it does not contain) count as they are now on
both sides. Entry point: `changes_since`.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from sessionlint.revision.git import Git, GitFailed
from sessionlint.revision.hunks import Rows, changed_rows
from sessionlint.revision.pointers import real_content
from sessionlint.revision.repository import repository_of, top_of, tree_of
from sessionlint.source import SessionlintError

_LINK, _SUBMODULE = "120000", "160000"
_DIFF = ("--no-color", "--no-ext-diff", "--no-textconv", "--find-renames", "--ignore-submodules=all", "--ignore-cr-at-eol")
_PATCH = ("--unified=0", "--inter-hunk-context=0", "--text", "--src-prefix=a/", "--dst-prefix=b/")


@dataclass(frozen=True, slots=True)
class FileChange:
    """A file that is not as it was: `new` is where it is now, `old` where it was (None if there was none), `content` what it held.

    `rows` are those of the new content that changed, None if all of them are new.
    """

    new: Path | None
    old: Path | None
    content: bytes | None = None
    rows: Rows | None = None


@dataclass(frozen=True, slots=True)
class Change:
    """What changed since `revision`, by where files are now, and those that are gone."""

    revision: str
    files: Mapping[Path, FileChange] = field(default_factory=dict)
    gone: tuple[FileChange, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.files or self.gone)


def changes_since(revision: str, root: Path, files: Iterable[Path], suffixes: Iterable[str], *, staged: bool = False) -> Change:
    """How the `files` of the project at `root`, and others that end in one of the `suffixes`, differ from `revision`.

    With `staged` it is the index that is compared, instead of the disk. Raises `SessionlintError` where git does not know the revision, and
    `NoRepository` where there is nothing to compare with.
    """
    files = list(files)
    paths = _Paths(root)
    git = repository_of(str(paths.real_root))
    found = _Comparison(paths, _pathspecs(files, suffixes, git.folder, paths))
    try:
        if staged:
            found.compare(git, "--cached", tree_of(git, revision))
        else:
            found.compare(git, tree_of(git, revision))
            found.add_untracked(git)
            for inner in sorted(_inner_repositories(files, git.folder, paths)):
                _compare_submodule(found, git, inner, revision)
    except GitFailed as error:
        raise SessionlintError(f"git cannot compare with `{revision}`: {error}") from None
    return Change(revision, found.files, tuple(found.gone))


def unstaged_changes(root: Path, files: Iterable[Path], suffixes: Iterable[str]) -> Change:
    """How the disk differs from the index. Raises `NoRepository` where there is none."""
    files = list(files)
    paths = _Paths(root)
    git = repository_of(str(paths.real_root))
    found = _Comparison(paths, _pathspecs(files, suffixes, git.folder, paths))
    try:
        found.compare(git)
        found.add_untracked(git)
    except GitFailed as error:
        raise SessionlintError(f"git cannot compare with the index: {error}") from None
    return Change("the index", found.files, tuple(found.gone))


class _Paths:
    """Where things are: git names real paths, the project's may go through links."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.real_root = Path(os.path.realpath(root))
        self._folders: dict[str, str] = {}

    def ours(self, top: str, path: str) -> Path:
        """A path of git's, as the project has it."""
        real = Path(top, path)
        return self.root / real.relative_to(self.real_root) if real.is_relative_to(self.real_root) else real

    def real(self, file: Path) -> Path:
        """A file with the links in the folders above it followed, but not itself."""
        folder = str(file.parent)
        if folder not in self._folders:
            self._folders[folder] = os.path.realpath(folder)
        return Path(self._folders[folder], file.name)


def _pathspecs(files: Iterable[Path], suffixes: Iterable[str], top: str, paths: _Paths) -> list[str]:
    """What git is to look at: files of the suffixes, and those that take part whatever they are called."""
    endings = tuple(suffixes)
    named = (paths.real(file) for file in files if file.suffix not in endings)
    return [*(f"*{ending}" for ending in endings), *(f":(literal){file.relative_to(top)}" for file in named if file.is_relative_to(top))]


class _Comparison:
    """Gathers what several repositories have to say."""

    def __init__(self, paths: _Paths, pathspecs: list[str]) -> None:
        self.paths, self.pathspecs = paths, pathspecs
        self.files: dict[Path, FileChange] = {}
        self.gone: list[FileChange] = []

    def compare(self, git: Git, *sides: str) -> None:
        """What git tracks of a repository: the disk with the index or a tree or, with `--cached` before it, the index with a tree."""
        top = git.folder
        entries = list(_entries(git.records("diff", "--raw", "--no-abbrev", "-z", *_DIFF, *sides, "--", *self.pathspecs)))
        rows = changed_rows(git.run("diff", "--patch", *_PATCH, *_DIFF, *sides, "--", *self.pathspecs)) if entries else {}
        blobs = git.blobs([entry.blob for entry in entries if entry.old and entry.old_mode != _SUBMODULE])
        for entry in entries:
            if _SUBMODULE in {entry.old_mode, entry.new_mode} or (entry.old == entry.new and entry.new not in rows):
                continue  # touched, but the same, or with other permissions
            new = self.paths.ours(top, entry.new) if entry.new else None
            old = self.paths.ours(top, entry.old) if entry.old else None
            content = self._content(git, entry, blobs) if entry.old else None
            if new is None:
                self.gone.append(FileChange(None, old, content))
            else:
                self.files[new] = FileChange(new, old, content, rows.get(entry.new, ()) if old else None)

    def _content(self, git: Git, entry: _Entry, blobs: Mapping[str, bytes]) -> bytes | None:
        """What a file held: a link what it leads to, if that is not a file that is met anyway."""
        content = blobs.get(entry.blob)
        if content is None:
            raise SessionlintError(
                f"the repository lacks what `{entry.old}` held", hint="`git fetch --refetch` completes a repository that was cloned in part"
            )
        if entry.old_mode != _LINK:
            return real_content(git, content)
        target = Path(os.path.realpath(Path(git.folder, entry.old).parent / os.fsdecode(content)))
        return target.read_bytes() if target.is_file() and not target.is_relative_to(git.folder) else None

    def add_untracked(self, git: Git) -> None:
        """What is on the disk alone, but for what git ignores."""
        for path in git.records("ls-files", "--others", "--exclude-standard", "--full-name", "-z", "--", *self.pathspecs):
            new = self.paths.ours(git.folder, path)
            before = next((gone for gone in self.gone if gone.old == new), None)
            if before is None:
                self.files.setdefault(new, FileChange(new, None))
            else:  # git forgot it, the disk did not
                self.gone.remove(before)
                self.files[new] = FileChange(new, new, before.content)


@dataclass(frozen=True, slots=True)
class _Entry:
    old: str
    new: str
    blob: str
    old_mode: str
    new_mode: str


def _entries(records: list[str]) -> Iterator[_Entry]:
    """The answers of `git diff --raw -z`: modes, ids and status; then the path, of a renamed file both."""
    rest = iter(records)
    for head in rest:
        old_mode, new_mode, blob, _, status = head.removeprefix(":").split(" ")
        old = next(rest)
        new = next(rest) if status[0] in "RC" else old
        if status == "U":  # of a merge that is not done, one side deleted it
            continue
        yield _Entry("" if status == "A" else old, "" if status == "D" else new, blob, old_mode, new_mode)


def _inner_repositories(files: Iterable[Path], top: str, paths: _Paths) -> set[str]:
    """The repositories beneath the one at `top` that files lie in."""
    folders = {str(paths.real(file).parent) for file in files}
    return {inner for folder in folders if (inner := top_of(folder)) and inner != top and Path(inner).is_relative_to(top)}


def _compare_submodule(found: _Comparison, git: Git, inner: str, revision: str) -> None:
    """Compare a submodule with the commit that the repository around it had then."""
    path = os.path.relpath(inner, git.folder).replace(os.sep, "/")
    around = Git(top_of(os.path.dirname(inner)))
    if around.folder != git.folder:
        return  # a submodule's own submodule: its commit hangs on commits of commits, and it changes with them
    tree = tree_of(git, revision)
    entry = git.line("ls-tree", tree, "--", path).partition("\t")[0].split(" ")
    if entry[0] == _SUBMODULE:
        found.compare(Git(inner), tree_of(Git(inner), entry[-1]))
        found.add_untracked(Git(inner))
    elif git.line("ls-files", "--stage", "--", path).startswith(_SUBMODULE):
        for file in Git(inner).records("ls-files", "-z", "--", *found.pathspecs):
            new = found.paths.ours(inner, file)
            found.files[new] = FileChange(new, None)
