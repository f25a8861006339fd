"""`gateway config export | plan | apply`."""

from __future__ import annotations

import json
from argparse import Namespace
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from gateway.command import difference, documents
from gateway.command.client import Client, signed_in
from gateway.command.documents import Document
from gateway.command.faults import CommandFault
from gateway.command.screen import Screen

DONE: Final = 0
FAILED: Final = 1
CHANGES: Final = 2
_PATH: Final = "/api/admin/configuration"
_CHANGE: Final = frozenset({"noun", "id", "path", "before", "after"})
_MISSING: Final = frozenset({"path", "message"})


def run(args: Namespace, environ: Mapping[str, str], screen: Screen) -> int:
    """Carry a subcommand out; its exit status. CommandFault."""
    url = args.url or environ.get("GATEWAY_URL", "").strip()
    if not url:
        raise CommandFault("say where the gateway is: --url or GATEWAY_URL")
    if args.action == "export":
        with signed_in(url, environ, screen) as client:
            return _export(args, client, screen)
    document = documents.read(args.file, screen.keyboard, environ)
    with signed_in(url, environ, screen) as client:
        try:
            return (_plan if args.action == "plan" else _apply)(args, document, client, screen)
        except CommandFault as fault:
            raise document.named(fault) from None


def _export(args: Namespace, client: Client, screen: Screen) -> int:
    text = client.get(f"{_PATH}?format={args.format or ('json' if str(args.output).endswith('.json') else 'yaml')}")
    if args.output is None:
        screen.out.write(text)
        return DONE
    try:
        Path(args.output).write_text(text, encoding="utf-8")
    except OSError as error:
        raise CommandFault(f"cannot write {args.output}: {error.strerror}") from None
    return DONE


def _plan(args: Namespace, document: Document, client: Client, screen: Screen) -> int:
    plan = _planned(args, document, client)
    if args.json:
        screen.out.write(json.dumps(plan, indent=2) + "\n")
    else:
        difference.show(plan, screen)
    if plan["missing"]:
        return FAILED
    return CHANGES if args.exit_code and _is_something(plan) else DONE


def _planned(args: Namespace, document: Document, client: Client) -> dict[str, Any]:
    plan = client.post(f"{_PATH}/plan", document.body(prune=args.prune))
    if not _is_plan(plan):
        raise CommandFault(f"{client.url} is no gateway: its answer is not a plan")
    return plan


def _is_plan(plan: Mapping[str, Any]) -> bool:
    """Whether an answer has all that is read of a plan."""
    changes, missing, warnings = (plan.get(name) for name in ("changes", "missing", "warnings"))
    if not (isinstance(changes, list) and isinstance(missing, list) and isinstance(warnings, list)):
        return False
    rows = [(one, _CHANGE) for one in changes] + [(one, _MISSING) for one in missing]
    return "fingerprint" in plan and all(isinstance(one, dict) and names <= one.keys() for one, names in rows)


def _is_something(plan: Mapping[str, Any]) -> bool:
    """Whether applying does anything; a warning alone is a draft that would be published."""
    return bool(plan["changes"] or plan["warnings"])


def _apply(args: Namespace, document: Document, client: Client, screen: Screen) -> int:
    plan = _planned(args, document, client)
    if not args.json:
        difference.show(plan, screen)
    if plan["missing"]:
        missing = plan["missing"][0]
        raise CommandFault(f"nothing was applied: {missing['path']}: {missing['message']}")
    if _is_something(plan) and not args.yes:
        _ask(screen)
    body = {**document.body(prune=args.prune), "fingerprint": plan["fingerprint"]}
    _tell(args, client.post(f"{_PATH}/apply", body), screen)
    return DONE


def _ask(screen: Screen) -> None:
    """Go on only where somebody says yes."""
    if not screen.asks:
        raise CommandFault("nothing was applied: nobody is there to be asked; say --yes")
    if screen.ask("Apply this? Type yes: ") != "yes":
        raise CommandFault("nothing was applied")


def _tell(args: Namespace, applied: Mapping[str, Any], screen: Screen) -> None:
    if args.json:
        screen.out.write(json.dumps(applied, indent=2) + "\n")
        return
    said = "Applied" if applied["changed"] else "Nothing to apply"
    screen.say(f"{said}: release number {applied['number']} is in force.", style="bold")
    for made in applied["keys"]:
        screen.say(f"The key of {made['name']} (it is never shown again): {made['key']}")
