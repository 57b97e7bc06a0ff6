"""What a filter is: it proposes edits and says by which rule, how sure, and how much text it must see."""

from __future__ import annotations

import dataclasses
import enum
from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, NamedTuple

from hanfix.document import Document
from hanfix.edit import Edit, Flag, apply_edits


class Risk(enum.IntEnum):
    """How sure a rule is of what it changes; higher is bolder.

    ``SAFE``: no reader could want the old form. ``LIKELY``: right in nearly every text. ``GUESS``: right if
    the context was read rightly.
    """

    SAFE = 0
    LIKELY = 1
    GUESS = 2

    @classmethod
    def parse(cls, name: str | Risk) -> Risk:
        """Return the risk called ``name``.

        Raises ``ValueError`` naming the three there are, and ``TypeError`` for what is no name.

        >>> Risk.parse("likely").label
        'likely'
        """
        if isinstance(name, Risk):
            return name
        if not isinstance(name, str):
            raise TypeError(f"risk must be a name or a Risk, not {name!r}")
        try:
            return cls[name.upper()]
        except KeyError:
            names = ", ".join(risk.label for risk in cls)
            raise ValueError(f"no risk is called {name!r}; there are {names}") from None

    @property
    def label(self) -> str:
        """The name as users write it."""
        return self.name.lower()


class Scope(enum.IntEnum):
    """How much text a filter must see at once, so that cutting elsewhere would change what it finds."""

    LINE = 0
    PARAGRAPH = 1
    DOCUMENT = 2


class Example(NamedTuple):
    """A text before and after a rule; equal where the rule must leave it alone."""

    before: str
    after: str


@dataclass(frozen=True)
class Rule:
    """One reason to change (or flag) text.

    ``id`` is ``filter/name``; ``says`` one line for people; ``examples`` are texts the rule changes and
    ``keeps`` look-alikes that it leaves alone. Both are run as tests and shown by ``hanfix explain``.
    """

    id: str
    says: str
    risk: Risk
    examples: tuple[Example, ...] = ()
    keeps: tuple[str, ...] = ()


# The metavar of options whose values are names of files.
FILE = "FILE"


def option(
    default: Any,
    *,
    help: str,
    choices: Sequence[str] | None = None,
    metavar: str | None = None,
) -> Any:
    """Return a dataclass field that is a filter's option: keyword, command-line flag and TOML key in one.

    A trailing underscore of the field's name (``from_``) is dropped in the flag and the key. A default of
    type ``bool`` makes a switch, a tuple a repeatable flag. The metavar ``FILE`` says that values are names
    of files: in a configuration file they are relative to it, and a fingerprint covers what is in them.
    """
    return dataclasses.field(default=default, metadata={"help": help, "choices": choices, "metavar": metavar})


@dataclass(frozen=True)
class Filter(ABC):
    """A kind of damage and its cure; its dataclass fields are its options.

    Subclasses set ``name``, ``scope``, ``rules`` and write ``find``. A filter keeps no state between
    documents, pickles, and never changes text itself: it proposes, the pipeline disposes.
    """

    name: ClassVar[str]
    scope: ClassVar[Scope]
    rules: ClassVar[tuple[Rule, ...]]
    # A filter whose edits take out whole lines may take a guarded span (a URL, say) out with them.
    removes_lines: ClassVar[bool] = False
    # A filter that writes a text in another script: those before it do not look at what it leaves.
    changes_script: ClassVar[bool] = False

    @abstractmethod
    def find(self, doc: Document) -> Iterator[Edit | Flag]:
        """Yield what there is to change or flag in ``doc``, in order, without overlap."""

    def stages(self) -> tuple[Filter, ...]:
        """Return the filters that this one runs in turn, each on what the one before it left."""
        return (self,)

    def seen_at_once(self) -> Scope:
        """Return how much text the filter must see at once with its options: its scope, or less."""
        return self.scope

    def apply(self, text: str) -> str:
        """Return the text with every proposed edit made, whatever its risk.

        A dense converter may override this with something faster that gives the same text.
        """
        found = self.find(Document(text))
        return apply_edits(text, (edit for edit in found if isinstance(edit, Edit)))

    def __call__(self, text: str) -> str:
        """Return the text as a pipeline of this filter alone leaves it, at the default risk."""
        from hanfix.pipeline import Pipeline

        return Pipeline([self])(text)


def option_name(field_name: str) -> str:
    """Return the name of a filter's option as users write it.

    >>> option_name("from_")
    'from'
    """
    return field_name.rstrip("_")
