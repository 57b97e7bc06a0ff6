"""What a batch reads and where its outputs go: found before anything is written."""

from __future__ import annotations

import glob
import os
import stat
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from hanfix.corpus.formats import FormatError, format_of
from hanfix.corpus.manifest import NO_STAMP, Stamp
from hanfix.corpus.search import matches, walk
from hanfix.report import visible

# The directory, in that of the outputs, which holds all that is no output.
OWN_FOLDER = ".hanfix"
# Endings of what holds no text to be read, in a directory that is read as a whole; named, it is tried.
_NO_TEXT = frozenset(
    f".{ending}"
    for ending in (
        *("css", "js", "map", "woff", "woff2", "ttf", "otf", "eot", "exe", "dll", "so", "class", "pyc"),
        *("bmp", "gif", "ico", "jpeg", "jpg", "png", "svg", "tif", "tiff", "webp"),
        *("avi", "flac", "m4a", "mkv", "mov", "mp3", "mp4", "ogg", "wav", "webm"),
    )
)
# Clashes that a message names.
_NAMED = 3

_KINDS = (
    (stat.S_ISFIFO, "a named pipe"),
    (stat.S_ISSOCK, "a socket"),
    (stat.S_ISCHR, "a device"),
    (stat.S_ISBLK, "a device"),
    (stat.S_ISDIR, "a directory"),
)


class PlanError(ValueError):
    """A batch that cannot be run as asked for; the message says why, and nothing was written."""


class Item(NamedTuple):
    """A file by its path below the base, with slashes; with ``refusal`` it is not done, and that says why."""

    below: str
    stamp: Stamp
    refusal: str = ""


@dataclass
class Plan:
    """The files of a batch, in the order in which they are reported, all of them below ``base``.

    ``left_out`` counts, by reason, what was found and is not for this batch; ``whole`` is a directory of
    which all is read, rather than what was named.
    """

    base: Path
    items: list[Item] = field(default_factory=list)
    left_out: Counter[str] = field(default_factory=Counter)
    whole: bool = False


def plan_of(
    source: Path,
    *,
    names: Iterable[str] | None = None,
    include: Sequence[str] = (),
    exclude: Sequence[str] = (),
    hidden: bool = False,
    in_place: bool = False,
) -> Plan:
    """Return the files of a source: a directory, a file, or a pattern such as ``pages/**/*.txt``.

    With ``names`` the source is a directory and they are files in it, in this order. The patterns of
    ``include`` and ``exclude`` are those of a shell, for the name of a file or for its path below the source;
    what is hidden is left out unless ``hidden``. Nothing outside the source is read: a symbolic link that
    leads there is refused, and so are pipes and devices.

    Raises ``PlanError`` when there is no such source, or two files whose names differ only in case (or in how
    accents are written) would become one file where the file system does not tell them apart.
    """
    if names is not None:
        made = _Planner(_directory(source), in_place)
        found: Iterable[str] = dict.fromkeys(made.below(name) for name in names)
    elif source.is_dir():
        made = _Planner(source, in_place)
        found = (
            each.below for each in walk(source, [*exclude, OWN_FOLDER], hidden=hidden, on_error=made.unlisted)
        )
    elif os.path.lexists(source):
        made = _Planner(source.parent, in_place)
        found = [source.name]
    elif glob.has_magic(str(source)):
        base, pattern = _split(source)
        made = _Planner(base, in_place)
        # Not Path.glob, which yields what is hidden.
        below = glob.glob(pattern, root_dir=base, recursive=True, include_hidden=hidden)  # noqa: PTH207
        found = sorted(dict.fromkeys(each for each in below if not (base / each).is_dir()), key=os.fsencode)
        if not found:
            raise PlanError(f"{visible(str(source))}: no file has such a name")
    else:
        raise PlanError(f"{visible(str(source))}: no such file or directory")
    made.plan.whole = names is None and source.is_dir()
    for each in found:
        ending = os.path.splitext(each)[1].lower()  # noqa: PTH122 (of a million names)
        if made.plan.whole and not include and ending in _NO_TEXT:
            made.plan.left_out[f"{ending} holds no text"] += 1
        elif not matches(exclude, each) and (not include or matches(include, each)):
            made.add(each)
    _refuse_clashes(made.plan.items)
    return made.plan


def _directory(path: Path) -> Path:
    if not path.is_dir():
        raise PlanError(f"{visible(str(path))}: no such directory")
    return path


def _split(pattern: Path) -> tuple[Path, str]:
    """Return the directory that a pattern begins with, and the rest."""
    parts = pattern.parts
    first = next(number for number, part in enumerate(parts) if glob.has_magic(part))
    return Path(*parts[:first]), str(Path(*parts[first:]))


class _Planner:
    """Looks at files and adds them to a plan."""

    def __init__(self, base: Path, in_place: bool) -> None:
        self.plan = Plan(base)
        self._in_place = in_place
        self._real_base = os.path.realpath(base)
        self._inside = os.path.join(self._real_base, "")  # noqa: PTH118 (a path with a slash at its end)

    def unlisted(self, folder: Path, error: OSError) -> None:
        below = folder.relative_to(self.plan.base).as_posix()
        self.plan.items.append(_refused(below, f"cannot be listed: {error.strerror or error}"))

    def below(self, name: str) -> str:
        """Return a name given by the user as seen from the base, if it is there."""
        base = os.path.abspath(self.plan.base)  # noqa: PTH100 (names are compared as they are spelled)
        path = os.path.normpath(os.path.join(base, name))  # noqa: PTH118 (Path would not take ".." away)
        inside = path.startswith(os.path.join(base, ""))  # noqa: PTH118 (a path with a slash at its end)
        return os.path.relpath(path, base).replace(os.sep, "/") if inside else name

    def add(self, below: str) -> None:
        """Add a file, or say why it is not done."""
        # Those of other batches, further below, keep what files there were before they were changed.
        if OWN_FOLDER not in below.split("/"):
            item = self._item(below)
            if item is not None:
                self.plan.items.append(item)

    def _item(self, below: str) -> Item | None:
        path = self.plan.base / below
        try:
            real = os.path.realpath(path)
            if not real.startswith(self._inside):
                link = "a link that leads" if path.is_symlink() else "it leads"
                return _refused(below, f"{link} out of the source, and is not followed")
            status = path.stat()
        except FileNotFoundError:
            return _refused(below, "a link to nothing" if path.is_symlink() else "no such file")
        except (OSError, ValueError) as error:
            return _refused(below, f"cannot be read: {getattr(error, 'strerror', None) or error}")
        linked = real != self._inside + below.replace("/", os.sep)
        if linked and (stat.S_ISDIR(status.st_mode) or self._in_place):
            self.plan.left_out["links to what is done under its own name"] += 1
            return None
        for is_kind, kind in _KINDS:
            if is_kind(status.st_mode):
                return _refused(below, f"{kind}, not a file")
        try:
            format_of(path)
        except FormatError as error:
            return _refused(below, str(error))
        return Item(below, Stamp.of(status))


def _refused(below: str, why: str) -> Item:
    return Item(below, NO_STAMP, why)


def _refuse_clashes(items: Sequence[Item]) -> None:
    """Raise ``PlanError`` when paths of files differ only in what not every file system tells apart."""
    # A number for each name takes less memory than a second name; what has one number twice is looked at.
    once: set[int] = set()
    twice: set[int] = set()
    for key, _ in _keys(items):
        (twice if hash(key) in once else once).add(hash(key))
    if not twice:
        return
    spelled: dict[str, str] = {}
    clashes = []
    for key, below in _keys(items):
        if hash(key) in twice and spelled.setdefault(key, below) != below:
            clashes.append(f"{visible(spelled[key])!r} and {visible(below)!r}")
    if clashes:
        more = f", and {len(clashes) - _NAMED:,} more" if len(clashes) > _NAMED else ""
        raise PlanError(
            f"names that differ only in case would become one file on some systems: "
            f"{'; '.join(clashes[:_NAMED])}{more}; rename one, or leave it out with --exclude"
        )


def _keys(items: Sequence[Item]) -> Iterator[tuple[str, str]]:
    for item in items:
        if not item.refusal:
            yield unicodedata.normalize("NFC", item.below).casefold(), item.below


def refuse_nesting(made: Plan, output: Path) -> None:
    """Raise ``PlanError`` when outputs would be among the files read, or the files read among outputs."""
    real_output = Path(os.path.realpath(output))
    real_base = Path(os.path.realpath(made.base))
    shown = visible(str(output))
    if made.whole:
        if real_output == real_base:
            raise PlanError(f"{shown} is the source; to write to it, use --in-place")
        if real_output.is_relative_to(real_base):
            raise PlanError(f"{shown} is inside the source: what is written there would be read")
    if real_base.is_relative_to(real_output) or any(
        Path(os.path.realpath(made.base / item.below)).is_relative_to(real_output)
        for item in made.items
        if not item.refusal
    ):
        raise PlanError(f"files to be read are inside {shown}, where outputs go")


def split_names(data: bytes) -> list[str]:
    r"""Return the names in a list of files: ended by NUL if there is one, else by newlines, as on any system.

    >>> split_names("甲.txt\n乙.txt\n".encode()), split_names(b"one\nname\0")
    (['甲.txt', '乙.txt'], ['one\nname'])
    """
    end = b"\0" if b"\0" in data else b"\n"
    # A name may end with a carriage return, but not all of them do.
    if end == b"\n" and data.count(b"\r\n") == data.count(b"\n"):
        end = b"\r\n"
    return [os.fsdecode(each) for each in data.split(end) if each]
