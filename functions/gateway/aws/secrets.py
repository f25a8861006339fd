"""Values that live elsewhere: a Secrets Manager secret or an SSM parameter, named by ARN.

An ARN may carry one field of a JSON secret as `…:secret:name-AbCdEf#field`, so that one secret can hold the keys of many providers.
"""

from __future__ import annotations

import re
from base64 import b64decode
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import orjson

from gateway.aws.faults import NotFound, Rejected
from gateway.aws.session import AwsSession, Call, refusal

_ARN = re.compile(
    r"arn:aws[a-z-]*:(?P<service>secretsmanager|ssm):(?P<region>[a-z0-9-]+):(?P<account>\d{12}):"
    r"(?P<kind>secret:|parameter/)(?P<name>[A-Za-z0-9/_+=.@:-]+)(?:#(?P<field>[^#\s]{1,100}))?"
)


@dataclass(frozen=True, slots=True)
class Reference:
    """A parsed reference. `arn` is without the field."""

    service: str
    region: str
    arn: str
    field: str | None


def parse_reference(text: str) -> Reference:
    """A Secrets Manager or SSM parameter ARN, with an optional `#field`; ValueError when it is neither."""
    match = _ARN.fullmatch(text)
    if match is None or (match["service"] == "ssm") != (match["kind"] == "parameter/"):
        raise ValueError("not the ARN of a Secrets Manager secret or of an SSM parameter")
    return Reference(match["service"], match["region"], text.partition("#")[0], match["field"])


class Secrets:
    """Faults: NotFound, AccessDenied, StoreUnavailable's tree, Rejected."""

    def __init__(self, session: AwsSession) -> None:
        self._session = session

    async def resolve(self, reference: str) -> str:
        """The value behind a reference; ValueError when the reference is malformed, NotFound when the field is missing."""
        parsed = parse_reference(reference)
        value = await (self.secret(parsed.arn) if parsed.service == "secretsmanager" else self.parameter(parsed.arn))
        return value if parsed.field is None else _pick(value, parsed.field)

    async def secret(self, arn: str) -> str:
        """The current text of a secret (a binary one is read as UTF-8). `arn` may be a name; then it is in the session's region."""
        data = await self._run("secretsmanager", "GetSecretValue", {"SecretId": arn}, _region(arn))
        if "SecretString" in data:
            return str(data["SecretString"])
        try:
            return b64decode(data["SecretBinary"], validate=True).decode()
        except (KeyError, TypeError, ValueError):
            raise Rejected("secretsmanager.GetSecretValue", "NotText") from None

    async def parameter(self, arn: str) -> str:
        """The decrypted value of a parameter, by ARN or name."""
        data = await self._run("ssm", "GetParameter", {"Name": arn, "WithDecryption": True}, _region(arn))
        value = (data.get("Parameter") or {}).get("Value")
        if not isinstance(value, str):
            raise Rejected("ssm.GetParameter", "NotText")
        return value

    async def _run(
        self, service: str, operation: str, payload: Mapping[str, Any], region: str | None
    ) -> dict[str, Any]:
        target = {"secretsmanager": "secretsmanager", "ssm": "AmazonSSM"}[service]
        headers = (("content-type", "application/x-amz-json-1.1"), ("x-amz-target", f"{target}.{operation}"))
        call = Call(service, operation, orjson.dumps(payload), headers=headers, region=region)
        answer = await self._session.call(call)
        if answer.code:
            raise refusal(call, answer)
        return answer.data


def _region(arn: str) -> str | None:
    """The region in an ARN; None for a plain name, or an ARN that AWS shall refuse."""
    match = _ARN.fullmatch(arn)
    return match["region"] if match else None


def _pick(value: str, field: str) -> str:
    try:
        found = orjson.loads(value)[field]
    except (orjson.JSONDecodeError, KeyError, TypeError, IndexError):
        found = None
    if not isinstance(found, str):
        raise NotFound("secrets.resolve", "NoSuchField")
    return found
