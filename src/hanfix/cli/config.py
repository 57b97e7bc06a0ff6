"""``hanfix config``: what the configuration file and the options come to."""

from __future__ import annotations

from typing import Any

import click

from hanfix.cli import COMMANDS
from hanfix.cli.options import PIPELINE_OPTIONS, PROFILE_OPTIONS, Command, Settings, of_given, usage_errors

_HELP = f"""{COMMANDS["config"]}

It is the TOML of a hanfix.toml (in a pyproject.toml it stands under [tool.hanfix]): what the profile, the
configuration file and the options given here come to, with every option of the filters.

\b
Examples:
  hanfix config > hanfix.toml
  hanfix config --profile web --to simplified --risk guess
"""


def _config(**given: Any) -> None:
    with usage_errors():
        toml = of_given(Settings, given).spec().toml()
    click.echo(toml.encode(), nl=False)


command = Command("config", callback=_config, params=[*PROFILE_OPTIONS, *PIPELINE_OPTIONS], help=_HELP)
