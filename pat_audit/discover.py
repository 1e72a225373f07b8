"""Which files a run looks at: paths as given, directories as git (or a walk) lists them."""

# ruff: noqa: PTH100, PTH109, PTH112, PTH116, PTH117, PTH118, PTH120
# os.path throughout: pathlib takes 9 ms to import, and microseconds for each of many thousand paths.

from __future__ import annotations

import os
import stat
from typing import TYPE_CHECKING

from pat_audit.boundary import is_within, repository_of
from pat_audit.paths import Paths
from pat_audit.run_report import Problem
from pat_audit.source import display_path

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

GIT_TIMEOUT = 60.0
"""Seconds that git may take to list a work tree before we walk it ourselves."""

# Folders that hold other people's code or what a tool made; git knows better where there is a .gitignore.
_SKIPPED_FOLDERS = """
.git .hg .svn .bzr .jj node_modules bower_components .venv venv .nox .tox .direnv __pycache__ .mypy_cache
.pytest_cache .ruff_cache .hypothesis .ipynb_checkpoints .eggs .terraform .pat-audit-cache site-packages
"""
SKIPPED_FOLDERS = frozenset(_SKIPPED_FOLDERS.split())

# Names that say a file is no text: reading them only to see a NUL would be most of a run's reading. Text that
# no one writes by hand (lock files, maps, minified code, SVG, logs) is read like any other: a registry's URL
# in a lock file can carry a password, and the prefilter is as fast as the disk.
_SKIPPED_SUFFIXES = """
png jpg jpeg gif bmp ico icns webp avif heic tif tiff psd xcf
ttf otf ttc woff woff2 eot pfb
mp3 mp4 m4a m4v mov avi mkv webm ogg oga ogv opus wav flac aac
zip gz tgz bz2 xz zst lz4 7z rar tar jar war ear whl egg nupkg snupkg vsix apk ipa deb rpm cab msi dmg iso
pyc pyo pyd so dll dylib exe o a lib obj pdb class wasm bin elc beam nib
pdf doc docx xls xlsx ppt pptx odt ods odp pbix
parquet avro npy npz h5 hdf5 pickle pt pth onnx safetensors tflite
sqlite sqlite3 db mo gmo keystore jks pfx p12 der
"""
SKIPPED_SUFFIXES = frozenset(_SKIPPED_SUFFIXES.split())

_PIECE = 1 << 18  # bytes of a listing that are decoded together

_KINDS = (
    (stat.S_ISFIFO, "a named pipe"),
    (stat.S_ISSOCK, "a socket"),
    (stat.S_ISCHR, "a device"),
    (stat.S_ISBLK, "a device"),
)


class Listing:
    """The files of a run, in order and once each, and what could not be looked at.

    A file is named by its display path: relative to the working directory where it lies below it, posix
    separators, undecodable bytes escaped. It opens under that name too, save those in `odd`, which maps a
    display path to the path on disk. `explicit` holds those that were given and not found in a directory.
    `roots` are the repositories (or where there is none the folders) around what was given, absolute.
    """

    __slots__ = ("explicit", "odd", "paths", "problems", "roots")

    def __init__(self, paths: Iterable[str] = ()) -> None:
        self.paths = Paths(paths)
        self.problems: list[Problem] = []
        self.odd: dict[str, str] = {}
        self.explicit: set[str] = set()
        self.roots: set[str] = set()

    @property
    def files(self) -> list[str]:
        """The files as a list: for few of them."""
        return list(self.paths)

    def disk_path(self, name: str) -> str:
        """The path under which the file with this display path opens."""
        return self.odd.get(name, name)


def discover(
    paths: Sequence[str],
    exclude: Sequence[str] = (),
    force_exclude: bool = False,
    listed: Callable[[], bytes | None] | None = None,
) -> Listing:
    """List the files under `paths` (files or directories; none means the working directory).

    `exclude` holds gitignore patterns relative to the working directory. A path that is given is looked at
    even when git ignores it or a pattern excludes it; `force_exclude` has the patterns hold for it too, as
    hooks want it. A path that does not exist is a fatal problem that names it; what is no regular file, or
    cannot be listed, is a problem; all else is still listed. `listed` is what git was asked already of the working
    directory, as `git ls-files -z -v --stage` prints it; None: git could not say. Raises nothing.
    """
    listing = Listing()
    listing.paths = Paths(_found(listing, paths or (".",), excluder(exclude), force_exclude, listed))
    return listing


def _found(
    listing: Listing,
    paths: Iterable[str],
    excluded: Callable[[str], bool],
    force_exclude: bool,
    listed: Callable[[], bytes | None] | None,
) -> Iterator[str]:
    """The files one by one, some of them perhaps twice; all else goes into the listing."""
    for path in paths:
        start = from_here(path)
        try:
            mode = os.stat(start).st_mode
        except (OSError, ValueError) as error:
            message = f"cannot be read: {_reason(error)}"
            listing.problems.append(Problem(display_path(path), message, fatal=True))
            continue
        folder = start if stat.S_ISDIR(mode) else os.path.dirname(start)
        listing.roots.add(repository_of(folder) or os.path.abspath(folder))
        if stat.S_ISDIR(mode):
            said = listed() if listed is not None and start == os.curdir else None
            known = None if said is None else _read_git_list(start, said, listing.problems)
            for name in _names(listing, _list_directory(start, listing.problems) if known is None else known):
                if name.rpartition(".")[2].lower() not in SKIPPED_SUFFIXES and not excluded(name):
                    yield name
        elif stat.S_ISREG(mode):
            (name,) = _names(listing, [start])
            if not (force_exclude and excluded(name)):
                listing.explicit.add(name)
                yield name
        else:
            listing.problems.append(Problem(display_path(path), f"skipped: it is {_kind(mode)}"))


def from_here(path: str) -> str:
    """A path normalised, and relative to the working directory where it lies below it."""
    path = os.path.normpath(path)
    here = os.getcwd()
    if os.path.isabs(path) and is_within(path, here):
        return os.path.relpath(path, here)
    return path


def excluder(patterns: Sequence[str]) -> Callable[[str], bool]:
    """Whether gitignore patterns, relative to the working directory, take a display path out of the run."""
    if not patterns:
        return lambda name: False
    import pathspec

    return pathspec.GitIgnoreSpec.from_lines(patterns).match_file


def _names(listing: Listing, paths: Iterable[str]) -> Iterable[str]:
    """Display paths of paths on disk; those that differ are kept in `listing.odd`."""
    for path in paths:
        if path.isprintable():
            name = path
        else:
            name = display_path(path)
            listing.odd[name] = path
        if os.sep != "/":
            name = name.replace(os.sep, "/")
        yield name


def _list_directory(folder: str, problems: list[Problem]) -> Iterable[str]:
    """The regular files in a directory: what git tracks and does not ignore, else all but SKIPPED_FOLDERS."""
    if repository_of(folder) is None:
        return _walk(folder, problems)
    listed = _list_by_git(folder, problems)
    return _walk(folder, problems) if listed is None else listed


def _list_by_git(folder: str, problems: list[Problem]) -> Iterator[str] | None:
    """What git lists in a directory of a work tree, or None where git cannot say.

    Who owns the repository is left for git to mind (safe.directory): what it refuses is walked, and that is named.
    """
    import subprocess

    from pat_audit.git_commands import command, environment

    words = ("ls-files", "-z", "-t", "--stage", "--cached", "--others", "--exclude-standard")
    try:
        done = subprocess.run(
            command(folder, *words),
            env=environment(),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=GIT_TIMEOUT,
            check=False,
        )
    except FileNotFoundError:
        return None  # no git on this machine: a walk finds the files too
    except subprocess.TimeoutExpired:
        problems.append(Problem(display_path(folder), "git took too long to list it: all files are scanned"))
        return None
    if done.returncode != 0:
        first = done.stderr.decode("utf-8", "replace").strip().partition("\n")[0]
        message = f"git cannot list it, so all files are scanned: {first}"
        problems.append(Problem(display_path(folder), message))
        return None
    return _read_git_list(folder, done.stdout, problems)


def _read_git_list(folder: str, output: bytes, problems: list[Problem]) -> Iterator[str]:
    """The paths in the output of `git ls-files -z -t --stage` (or `-v`), and of the repositories inside."""
    prefix = "" if folder == os.curdir else os.path.join(folder, "")
    inner: list[str] = []
    for entry in entries(output):
        if entry.startswith("?"):  # `? path`: not tracked, and `? path/` is a repository of its own
            path = prefix + entry[2:]
            if path.endswith("/"):
                inner.append(path)
            else:
                yield path
        # `H mode object stage<TAB>path`, M while a merge is open; `-v` writes them small where git is not to look
        elif entry.startswith(("H 1", "M 1", "h 1", "m 1")):
            mode, path = entry[2:8], prefix + entry.partition("\t")[2]
            if mode == "160000":
                inner.append(path)
            elif mode != "120000":  # what a link leads to is listed by itself, or is not part of this tree
                yield path
    for path in inner:
        if os.path.isdir(path):
            path = os.path.normpath(path)
            own = os.path.lexists(os.path.join(path, ".git"))
            yield from _list_directory(path, problems) if own else _walk(path, problems)


def entries(output: bytes) -> Iterator[str]:
    """What stands between the NULs of a listing by git, decoded piece by piece: it may have a million entries."""
    start = 0
    while start < len(output):
        end = output.find(b"\0", start + _PIECE)
        end = len(output) if end < 0 else end
        for entry in os.fsdecode(output[start:end]).split("\0"):
            if entry:
                yield entry
        start = end + 1


def _walk(folder: str, problems: list[Problem]) -> Iterator[str]:
    """All regular files below a directory without those below SKIPPED_FOLDERS, in order; links are not followed."""
    waiting = [os.path.join(folder, "")]
    while waiting:
        path = waiting.pop()
        if not path.endswith(os.sep):
            yield path
            continue
        here = path.rstrip(os.sep) or path
        prefix = "" if here == os.curdir else path
        found = []
        try:
            with os.scandir(here) as inside:
                for entry in inside:
                    path = prefix + entry.name
                    if entry.is_symlink():
                        continue  # no loops, nothing twice, nothing outside the tree
                    if entry.is_file(follow_symlinks=False):
                        found.append(path)
                    elif entry.is_dir(follow_symlinks=False):
                        if entry.name not in SKIPPED_FOLDERS:
                            found.append(path + os.sep)
                    else:
                        kind = _kind(entry.stat(follow_symlinks=False).st_mode)
                        problems.append(Problem(display_path(path), f"skipped: it is {kind}"))
        except FileNotFoundError:
            problems.append(Problem(display_path(here), "vanished before it could be listed"))
        except OSError as error:
            problems.append(Problem(display_path(here), f"cannot be listed: {_reason(error)}", fatal=True))
        found.sort(reverse=True)
        waiting += found


def _kind(mode: int) -> str:
    return next((kind for test, kind in _KINDS if test(mode)), "no regular file")


def _reason(error: OSError | ValueError) -> str:
    """What the system says, without the path, which the problem names already."""
    return (error.strerror or type(error).__name__) if isinstance(error, OSError) else str(error)
