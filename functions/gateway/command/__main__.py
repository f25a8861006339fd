"""The command's entry: `gateway …` where it is installed, else `python -m gateway.command …`."""

from __future__ import annotations

import os
import sys
from argparse import ArgumentParser, RawDescriptionHelpFormatter
from collections.abc import Mapping, Sequence
from typing import Final, NoReturn

from gateway.command import config
from gateway.command.faults import CommandFault
from gateway.command.screen import Screen, screen_of

_ABOUT: Final = """\
Configuration as code: the whole configuration of a gateway as one document.

environment:
  GATEWAY_URL                     the gateway's address, as --url
  GATEWAY_USER, GATEWAY_PASSWORD  an administrator; asked for at a terminal
  GATEWAY_TOKEN                   an access token instead
  NO_COLOR                        no colours

`env:`, `api_key_env:` and `header_env:` of a document are read here, from this environment, and sent with the document.

exit status: 0 done, 1 failed; with `plan --exit-code` 2 where there are changes."""


class _Parser(ArgumentParser):
    """Status 2 means that there are changes, so that a wrong option must be 1."""

    def error(self, message: str) -> NoReturn:
        """One line and the end."""
        self.print_usage(sys.stderr)
        self.exit(config.FAILED, f"{self.prog}: {message}\n")


def _parser() -> ArgumentParser:
    parser = _Parser(prog="gateway", description=_ABOUT, formatter_class=RawDescriptionHelpFormatter)
    nouns = parser.add_subparsers(dest="noun", required=True, metavar="config")
    about = {"description": _ABOUT, "formatter_class": RawDescriptionHelpFormatter}
    actions = nouns.add_parser("config", help="configuration as code", **about)  # type: ignore[arg-type]
    named = actions.add_subparsers(dest="action", required=True, metavar="export | plan | apply")
    export = named.add_parser("export", help="print the configuration, or write it to a file")
    export.add_argument("-o", "--output", metavar="FILE")
    export.add_argument("--format", choices=("yaml", "json"), help="default: as the file's name says, else yaml")
    plan = named.add_parser("plan", help="show what a document would change")
    plan.add_argument("--exit-code", action="store_true", help="end with 2 when there are changes")
    apply = named.add_parser("apply", help="make the gateway as a document says")
    apply.add_argument("--yes", action="store_true", help="do not ask")
    for one in (plan, apply):
        one.add_argument("file", metavar="FILE", help="YAML, or JSON where it ends in .json; - is standard input")
        one.add_argument("--prune", action="store_true", help="remove what the document does not name")
        one.add_argument("--json", action="store_true", help="print JSON")
    for one in (export, plan, apply):
        one.add_argument("--url", help="the gateway's address, such as https://gateway.example.com")
    return parser


def run(arguments: Sequence[str], environ: Mapping[str, str], screen: Screen) -> int:
    """Carry the command out; its exit status."""
    args = _parser().parse_args(arguments)
    try:
        return config.run(args, environ, screen)
    except CommandFault as fault:
        screen.tell(f"gateway: {fault}")
        return config.FAILED


def main() -> int:
    """The command as a process."""
    try:
        return run(sys.argv[1:], os.environ, screen_of(sys.stdout, sys.stderr, sys.stdin, os.environ))
    except KeyboardInterrupt:
        return config.FAILED


if __name__ == "__main__":
    sys.exit(main())
