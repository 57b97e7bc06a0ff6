"""Classes of characters, to be put between the square brackets of a regular expression."""

from __future__ import annotations

# Chinese characters: the ideographs, the two signs that are read like one (々 repeats, 〇 is zero), and the
# radicals and compatibility ideographs that stand for them in damaged text.
HAN = "\u2e80-\u2fd5\u3005\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U000323af"
# Marks of Chinese text: those of its own, full-width forms, and the quotation marks, dashes and dots that it
# shares with other scripts.
MARKS = "\u3000-\u3004\u3008-\u3020\uff01-\uff60\u2014\u2018-\u201d\u2025\u2026\u00b7"
# Characters without width, and the soft hyphen.
ZERO_WIDTH = "\u00ad\u200b-\u200f\u2060-\u2064\ufeff"
