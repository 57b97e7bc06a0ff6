"""Look again at what is left, until nothing more is found: one find can lay another open."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable

from hanfix.edit import Edit, apply_edits, merge

# No text needs more than three; a rule that undid another would go on for ever.
_MOST_ROUNDS = 16


def in_rounds(
    text: str, find: Callable[[str], Iterable[Edit]], *, last: Container[str] = frozenset()
) -> list[Edit]:
    """Return the edits of ``text`` that all rounds of ``find`` together make.

    Edits of the rules ``last`` wait until the others have settled: they may be held back, and what the
    others do must not rest on them.

    >>> in_rounds("((a))", lambda text: [Edit(0, len(text), text[1:-1], "bare")] if "(" in text else [])
    [Edit(start=0, end=5, new='a', rule='bare', why='')]
    """
    edits: list[Edit] = []
    for _ in range(_MOST_ROUNDS):
        found = list(find(apply_edits(text, edits) if edits else text))
        if not found:
            break
        sure = [edit for edit in found if edit.rule not in last]
        edits = merge(text, edits, sure or found)
        if not sure:
            break
    return edits
