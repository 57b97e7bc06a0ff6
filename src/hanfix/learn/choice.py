"""Which of the shapes that recur are furniture: by share of pages, place, words and company."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from math import ceil

from hanfix.learn.evidence import Evidence
from hanfix.learn.pages import Place
from hanfix.learn.shapes import CLOCK, DATE, LATIN, TEXT, VALUE, constant, generality, is_prose, slots
from hanfix.learn.words import BAR, IDENTITY, LABEL, TELLING, TEXT_LINE, UNMISTAKABLE, belongs_to_text

# What recurs on fewer files than this may do so by chance, however few there are.
MIN_FILES = 5
# In less than this share of the pages, a template of its own is not told from a habit of the writers.
MIN_SHARE = 0.1

# A line that stands inside of a page's text on more than this share of its lines is not bound to an edge.
_MOST_INSIDE = 0.05
# Furniture that needs company has it on this share of its pages, and is there on this share of the pages that
# have the company: a sentence that a few articles begin with is beside the site's bar as well.
_COMPANY = 0.5
# From here on no doubt is left.
_CLOSE_COMPANY = 0.8
# On this share of its pages a line that is a heading elsewhere, or has a label that is no page's, stands
# between lines of furniture.
_CLOSED_IN = 0.95
# In characters; the heading of a section is not longer.
_LONGEST_HEADING = 8
# Lines without a telling word that stand together at the very edge, on so many pages: so many, so long.
_EDGE = 0.8
_PLAIN_SHARE = 0.5
_PLAIN_LINES = 3
_PLAIN_CHARACTERS = 12
# Pages on which the text of a slot may be a sentence, or must be found a second time to be superfluous.
_MOST_SENTENCES = 0.05
_REPEATED = 0.8
# Different texts in a slot, for it to be one.
_FEWEST_TEXTS = 3
# A shape that is more general must explain more pages than those chosen before it, so many and this share; or
# stand for so many of them, which are then cases of one line that has others.
_MORE_PAGES = 2
_MORE_SHAPES = 3
_MORE_SHARE = 0.02
# A list below a heading stands there on this share of the heading's pages.
_LISTED = 0.8
# Words of so few characters are headings of texts too (评论, 声明, 推荐), and so need company.
_SHORT = 4
# The name of a site, in characters, and what may be one.
_SHORTEST_NAME = 3
_NAME = re.compile("[\u3400-\u9fff]+|[A-Za-z][A-Za-z0-9]+")


class Kind(StrEnum):
    """What a chosen shape takes out: a line, a line and the list below it, or the end of a title."""

    LINE = "line"
    PLACE = "place"
    LIST = "block"
    ENDING = "inline"


@dataclass(frozen=True)
class Choice:
    """A shape that is furniture, with what is known about it."""

    shape: str
    kind: Kind
    evidence: Evidence
    place: Place
    # It may be of the text: nothing but the lines beside it, or its place below the title, speaks for it.
    doubtful: bool = False


def choose(known: Mapping[str, Evidence], pages: int, min_share: float, min_files: int) -> list[Choice]:
    """Return the furniture among the shapes that recur, none that says nothing more than another."""
    fewest = max(min_files, ceil(min_share * pages))
    judge = _Judge({shape: each for shape, each in known.items() if each.pages >= fewest}, pages)
    return sorted(map(judge.choice, judge.chosen()), key=_order)


def _order(choice: Choice) -> tuple[int, float, str]:
    """Sort as on a page: head outwards in, what stands inside, tail inwards out."""
    mean = choice.evidence.distance / choice.evidence.pages
    if choice.place is Place.TAIL:
        return 2, -mean, choice.shape
    return (0 if choice.place is Place.HEAD else 1), mean, choice.shape


class _Judge:
    def __init__(self, known: Mapping[str, Evidence], pages: int) -> None:
        self._known = known
        self._pages = pages
        self._accepted: set[str] = set()
        self._doubtful: set[str] = set()

    def chosen(self) -> list[str]:
        """Return the shapes of furniture, the most special that do."""
        self._accepted = {shape for shape in self._known if self._tells(shape)}
        blocks = self._blocks(near=True)
        self._doubtful = {each for each in blocks if self._share(self._known[each]) < _CLOSED_IN}
        at_edge = self._blocks(near=False)
        self._doubtful -= self._accepted | at_edge
        self._accepted |= blocks | at_edge
        while more := {shape for shape in self._known.keys() - self._accepted if self._belongs(shape)}:
            self._accepted |= more
            # What was met before its neighbours were.
            while sure := {shape for shape in self._doubtful if self._is_enclosed(shape)}:
                self._doubtful -= sure
        chosen: list[str] = []
        for shape in sorted(self._accepted, key=lambda each: (generality(each), each)):
            evidence = self._known[shape]
            covered = {each for each in chosen if self._is_covered(each, shape)}
            more_pages = evidence.pages - sum(evidence.with_[each] for each in chosen)
            if more_pages >= max(_MORE_PAGES, _MORE_SHARE * evidence.pages) or len(covered) >= _MORE_SHAPES:
                chosen = [*(each for each in chosen if each not in covered), shape]
        return chosen

    def choice(self, shape: str) -> Choice:
        """Return how a chosen shape is to be taken out."""
        evidence = self._known[shape]
        place = max(Place, key=lambda each: (evidence.lines[each], -each))
        if self._is_ending(shape):
            kind = Kind.ENDING
        elif evidence.lists >= _LISTED * evidence.pages:
            kind = Kind.LIST
        elif evidence.lines[Place.INSIDE] and not UNMISTAKABLE.search(shape):
            kind = Kind.PLACE
        else:
            kind = Kind.LINE
        return Choice(shape, kind, evidence, place, shape in self._doubtful)

    def _is_covered(self, shape: str, by: str) -> bool:
        return self._known[by].with_[shape] >= (1 - _MORE_SHARE) * self._known[shape].pages

    # By words -----------------------------------------------------------------------------------------------

    def _tells(self, shape: str) -> bool:
        """Tell whether a shape is furniture by what it says and where it stands."""
        evidence = self._known[shape]
        if TEXT in shape:
            return self._is_label(shape) or self._is_ending(shape)
        if self._belongs_to_text(shape):
            return False
        words = constant(shape)
        unmistakable = UNMISTAKABLE.search(shape) is not None
        if not self._is_outside(shape):
            return unmistakable and (not is_prose(words) or self._share(evidence) >= _PLAIN_SHARE)
        if not slots(shape) and len(words) <= _SHORT and not unmistakable:
            return TELLING.search(shape) is not None and evidence.lists >= _LISTED * evidence.pages
        if is_prose(words):
            return unmistakable or (
                TELLING.search(shape) is not None and self._share(evidence) >= _PLAIN_SHARE
            )
        return TELLING.search(shape) is not None or BAR.fullmatch(words) is not None

    def _is_label(self, shape: str) -> bool:
        """Tell whether a constant label, or that the text behind it is said again, makes a line furniture."""
        evidence = self._known[shape]
        if not self._is_slot(shape) or (self._belongs_to_text(shape) and not self._is_said_again(evidence)):
            return False
        if IDENTITY.match(shape) or not LABEL.search(shape):
            return self._is_said_again(evidence)
        return True

    def _is_ending(self, shape: str) -> bool:
        """Tell whether a shape is a title and the name of the site, and the title stands nowhere else."""
        evidence = self._known[shape]
        return (
            shape.startswith(TEXT)
            and re.match(r" ?[_|–—-]", shape[1:]) is not None
            and len(constant(shape)) > _SHORTEST_NAME
            and not slots(shape) - {TEXT}
            and self._is_slot(shape)
            and self._is_at(shape, Place.HEAD)
            and self._share(evidence) >= _PLAIN_SHARE
            and not self._is_said_again(evidence)
        )

    def _is_slot(self, shape: str) -> bool:
        """Tell whether any text may stand in a shape's slot, but no sentence, and the line where it should.

        That is at an edge, once or twice; a stamp with a date may be between any two parts of a page.
        """
        evidence = self._known[shape]
        return (
            evidence.sentences <= _MOST_SENTENCES * evidence.pages
            and len(evidence.texts) >= _FEWEST_TEXTS
            and (
                (self._is_outside(shape) and sum(evidence.lines.values()) <= 2 * evidence.pages)
                or (bool(slots(shape) & {DATE, CLOCK}) and UNMISTAKABLE.search(shape) is not None)
            )
        )

    @staticmethod
    def _is_said_again(evidence: Evidence) -> bool:
        return evidence.repeated >= _REPEATED * evidence.pages

    def _is_outside(self, shape: str) -> bool:
        lines = self._known[shape].lines
        return lines[Place.INSIDE] <= _MOST_INSIDE * sum(lines.values())

    def _is_at(self, shape: str, place: Place) -> bool:
        lines = self._known[shape].lines
        return lines[place] >= (1 - _MOST_INSIDE) * sum(lines.values())

    def _share(self, evidence: Evidence) -> float:
        return evidence.pages / self._pages

    @staticmethod
    def _belongs_to_text(shape: str) -> bool:
        return belongs_to_text(shape.removesuffix(TEXT))

    # By company ---------------------------------------------------------------------------------------------

    def _belongs(self, shape: str) -> bool:
        """Tell whether a line that says nothing telling goes with lines that are furniture.

        What stands between furniture and the text may be of either: a sentence is left there, and the rest is
        doubtful unless it never fails and says something telling or is longer than a heading.
        """
        if self._names_the_site(shape):
            return True
        company = self._company(shape)
        if not self._is_outside(shape):
            return company >= _CLOSED_IN
        if company < _COMPANY:
            return False
        if not self._is_enclosed(shape):
            if is_prose(shape) or company < _CLOSE_COMPANY:
                return False
            may_be_heading = len(shape) <= _LONGEST_HEADING and not slots(shape) and not TELLING.search(shape)
            if company < _CLOSED_IN or may_be_heading:
                self._doubtful.add(shape)
        return True

    def _is_enclosed(self, shape: str) -> bool:
        """Tell whether furniture that is beyond doubt stands further in."""
        evidence = self._known[shape]
        inward = evidence.after if self._is_at(shape, Place.HEAD) else evidence.before
        return any(
            inward[near] >= _COMPANY * evidence.pages
            for near in self._accepted - self._doubtful
            if near in inward
        )

    def _company(self, shape: str) -> float:
        """Return on what share of its pages a line that says nothing telling goes with one that is furniture.

        It is also the share of the pages with that one, whichever is less.
        """
        evidence = self._known[shape]
        if self._is_plain(shape) or self._is_counter_below(shape):
            near = self._accepted & (evidence.before.keys() | evidence.after.keys())
            return max((self._together(shape, each) for each in near), default=0)
        if self._is_stuck(shape):
            return max(
                (self._together(shape, each) for each in self._accepted if UNMISTAKABLE.search(each)),
                default=0,
            )
        return self._between(shape) if self._is_closed_in(shape) else 0

    def _is_stuck(self, shape: str) -> bool:
        """Tell whether a line inside of the text is furniture if it keeps to a line that is."""
        return (
            not self._is_outside(shape)
            and not slots(shape) & {TEXT, VALUE, LATIN}
            and TELLING.search(shape) is not None
            and not is_prose(shape)
            and not self._belongs_to_text(shape)
        )

    def _together(self, shape: str, near: str) -> float:
        evidence = self._known[shape]
        return evidence.beside(near) / max(evidence.pages, self._known[near].pages)

    def _is_closed_in(self, shape: str) -> bool:
        """Tell whether a heading's word or a label is furniture if it stands between lines that are."""
        if TEXT in shape:
            return self._is_slot(shape) and not TEXT_LINE.match(shape) and not IDENTITY.match(shape)
        # With a colon or a stroke it is a byline or the like, which stays wherever it is.
        is_word = len(shape) <= _LONGEST_HEADING and not re.search("[:/|]", shape)
        return not slots(shape) and self._is_outside(shape) and is_word

    def _between(self, shape: str) -> float:
        """Return the company of a shape that has furniture on one side, and on the other the like of it.

        Zero unless that is so on nearly all its pages.
        """
        evidence = self._known[shape]
        known = self._known
        least = _CLOSE_COMPANY * self._pages
        sure = [
            each
            for each in self._accepted - self._doubtful
            if evidence.beside(each) and known[each].pages >= least
        ]
        sides = (evidence.before, evidence.after)
        furnished = [any(side[each] >= _CLOSED_IN * evidence.pages for each in sure) for side in sides]
        others = [
            any(
                count >= _CLOSED_IN * max(evidence.pages, known[each].pages) and self._is_plain(each)
                for each, count in side.items()
                if each in known and TEXT not in shape
            )
            for side in sides
        ]
        edge = evidence.outermost >= _CLOSED_IN * evidence.pages
        closed = all(map(any, zip(furnished, others, (edge, edge), strict=True)))
        return 1.0 if any(furnished) and closed and evidence.pages >= least else 0.0

    def _is_counter_below(self, shape: str) -> bool:
        """Tell whether a line that varies in nothing but numbers keeps to the tail, where no title stands."""
        return (
            TEXT not in shape
            and not slots(shape) & {LATIN, VALUE}
            and self._is_at(shape, Place.TAIL)
            and not self._belongs_to_text(shape)
        )

    def _names_the_site(self, shape: str) -> bool:
        """Tell whether a line at the very edge has a name that furniture on the same pages says again."""
        evidence = self._known[shape]
        if not self._is_plain(shape) or evidence.edge < _EDGE * evidence.pages:
            return False
        names = [name for name in _NAME.findall(shape) if len(name) >= _SHORTEST_NAME]
        return any(
            name in each
            and min(evidence.pages, self._known[each].pages)
            >= _EDGE * max(evidence.pages, self._known[each].pages)
            for each in self._accepted - self._doubtful - {shape}
            for name in names
        )

    def _blocks(self, *, near: bool) -> set[str]:
        """Return lines that say nothing telling and stand together at the very edge of most pages.

        With ``near``, a line of the page's own may be further out: its title.
        """
        plain = {
            shape
            for shape, evidence in self._known.items()
            if self._is_plain(shape)
            and not is_prose(shape)
            and self._share(evidence) >= _PLAIN_SHARE
            and (evidence.near if near else evidence.edge) >= _EDGE * evidence.pages
        }
        blocks: set[str] = set()
        for start in sorted(plain):
            block = {start}
            new = [start]
            while new:
                evidence = self._known[new.pop()]
                beside = sorted(
                    each
                    for each in plain - block
                    if evidence.beside(each) >= _EDGE * max(evidence.pages, self._known[each].pages)
                )
                block.update(beside)
                new += beside
            if len(block) >= _PLAIN_LINES and sum(map(len, block)) >= _PLAIN_CHARACTERS:
                blocks |= block
        return blocks

    def _is_plain(self, shape: str) -> bool:
        """Tell whether a line that never varies may be furniture: it is no heading of the text below it."""
        evidence = self._known[shape]
        return (
            not slots(shape)
            and self._is_outside(shape)
            and not self._belongs_to_text(shape)
            and not (
                evidence.heading >= _COMPANY * evidence.pages
                and (len(shape) <= _LONGEST_HEADING or evidence.edge < _EDGE * evidence.pages)
            )
        )
