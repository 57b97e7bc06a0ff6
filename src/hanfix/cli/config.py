"""``hanfix config``: what the configuration file and the options come to."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import Any

from hanfix.cli import COMMANDS
from hanfix.cli.options import PIPELINE_OPTIONS, PROFILE_OPTIONS, Command, Settings, of_given, usage_errors
from hanfix.cli.terminal import write_standard_output
from hanfix.corpus.files import descriptor_key, file_key
from hanfix.spec import SpecError

_HELP = f"""{COMMANDS["config"]}

It is the TOML of a hanfix.toml (in a pyproject.toml it stands under [tool.hanfix]): what the profile, the
configuration file and the options given here come to, with every option of the filters.

\b
Examples:
  hanfix config > new.toml && mv new.toml hanfix.toml
  hanfix config --profile web --to simplified --risk guess
"""


def _config(**given: Any) -> None:
    settings = of_given(Settings, given)
    with usage_errors():
        path = settings.config_file()
        if path is not None:
            _refuse_emptied(path)
        toml = settings.spec().toml()
    write_standard_output(toml.encode())


def _refuse_emptied(path: Path) -> None:
    """Raise ``SpecError`` when the output is to go to the very file that it would be made from.

    The shell has emptied it by then: the defaults would be written, as if they had been its settings.
    """
    with suppress(OSError):
        if file_key(path) == descriptor_key(1) or path.stat().st_size == 0:
            raise SpecError(
                f"{path}: empty, as a shell leaves the file that it redirects to; write to another file, and "
                "then rename that"
            )


command = Command("config", callback=_config, params=[*PROFILE_OPTIONS, *PIPELINE_OPTIONS], help=_HELP)
