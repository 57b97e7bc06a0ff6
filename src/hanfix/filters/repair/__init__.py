"""Repair damaged characters: one module per kind of damage."""

from __future__ import annotations

from hanfix.filters.repair.pinyin import SplicedPinyin

__all__ = ["Repair", "SplicedPinyin"]
Repair = SplicedPinyin
