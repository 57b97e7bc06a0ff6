"""Restore damaged Chinese text and say what was done to it."""

from hanfix.decode import Decoded, DecodeError, decode
from hanfix.detect import Damage, Detected, detect
from hanfix.document import Document
from hanfix.edit import Edit, Flag
from hanfix.filter import Example, Filter, Risk, Rule, Scope, option
from hanfix.origin import Origin
from hanfix.pipeline import Pipeline, Result, clean
from hanfix.report import Change, Report

__version__ = "0.1.0"

__all__ = [
    "Change",
    "Damage",
    "DecodeError",
    "Decoded",
    "Detected",
    "Document",
    "Edit",
    "Example",
    "Filter",
    "Flag",
    "Origin",
    "Pipeline",
    "Report",
    "Result",
    "Risk",
    "Rule",
    "Scope",
    "clean",
    "decode",
    "detect",
    "option",
]
