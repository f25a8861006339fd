"""template.yaml as data: the tables the local stack creates are the ones a deployment creates.

Only what the local stack needs of CloudFormation is understood: parameters, `!Ref`, `!Sub` and `!GetAtt` to resources of the template.
Reference: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-dynamodb-table.html
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from infra.local.faults import StackError

STACK_NAME = "llm-gateway-local"


class _Loader(yaml.SafeLoader):
    """YAML 1.1 plus CloudFormation's short tags, read as their long forms."""


def _short_tag(loader: yaml.SafeLoader, suffix: str, node: yaml.Node) -> dict[str, Any]:
    if isinstance(node, yaml.ScalarNode):
        value: Any = loader.construct_scalar(node)
    elif isinstance(node, yaml.SequenceNode):
        value = loader.construct_sequence(node, deep=True)
    elif isinstance(node, yaml.MappingNode):
        value = loader.construct_mapping(node, deep=True)
    if suffix == "GetAtt" and isinstance(value, str):
        value = value.split(".", 1)
    return {suffix if suffix in {"Ref", "Condition"} else f"Fn::{suffix}": value}


_Loader.add_multi_constructor("!", _short_tag)


@dataclass(frozen=True, slots=True)
class Table:
    """One DynamoDB table: its logical name, the name it has locally, CreateTable's arguments, and its TTL attribute."""

    logical: str
    name: str
    create: Mapping[str, Any]
    ttl: str | None


def load(path: Path) -> dict[str, Any]:
    """The template; StackError when it is missing or not YAML."""
    try:
        # The loader is a SafeLoader: it makes plain data only.
        template = yaml.load(path.read_text(encoding="utf-8"), Loader=_Loader)  # noqa: S506
    except OSError as error:
        raise StackError(f"cannot read {path.name}: {error.strerror}") from None
    except yaml.YAMLError as error:
        raise StackError(f"{path.name} is not valid YAML: {str(error).splitlines()[0]}") from None
    if not isinstance(template, dict) or "Resources" not in template:
        raise StackError(f"{path.name} holds no Resources")
    return template


def physical_name(logical: str) -> str:
    """The local name of a resource that the template leaves to CloudFormation to name."""
    return f"{STACK_NAME}-{logical}"


def resolve(value: Any, template: Mapping[str, Any]) -> Any:
    """`value` with its references replaced: parameters by their defaults, resources by their local names."""
    if isinstance(value, list):
        return [resolve(item, template) for item in value]
    if not isinstance(value, dict):
        return value
    if set(value) == {"Ref"}:
        return _reference(value["Ref"], template)
    if set(value) == {"Fn::GetAtt"}:
        return f"{physical_name(value['Fn::GetAtt'][0])}.{value['Fn::GetAtt'][1]}"
    if set(value) == {"Fn::Sub"}:
        return _substitute(value["Fn::Sub"], template)
    return {name: resolve(item, template) for name, item in value.items()}


def _reference(name: str, template: Mapping[str, Any]) -> str:
    pseudo = {
        "AWS::StackName": STACK_NAME,
        "AWS::Region": "us-east-1",
        "AWS::AccountId": "000000000000",
        "AWS::Partition": "aws",
    }
    if name in pseudo:
        return pseudo[name]
    if name in template.get("Parameters", {}):
        return str(template["Parameters"][name].get("Default", ""))
    return physical_name(name)


def _substitute(value: Any, template: Mapping[str, Any]) -> str:
    text, own = (value, {}) if isinstance(value, str) else (value[0], value[1])

    def replace(match: re.Match[str]) -> str:
        name = match.group(1)
        return str(resolve(own[name], template)) if name in own else _reference(name, template)

    return re.sub(r"\$\{([^!}][^}]*)\}", replace, text)


def tables(template: Mapping[str, Any]) -> list[Table]:
    """Every table of the template, in its order."""
    resources = template["Resources"].items()
    return [_table(logical, body, template) for logical, body in resources if body["Type"] == "AWS::DynamoDB::Table"]


def security_headers(template: Mapping[str, Any]) -> dict[str, str]:
    """The headers CloudFront adds to the dashboard, lower-case names, for a page on plain http.

    Left out: Strict-Transport-Security, which browsers ignore over http, and the policy's `upgrade-insecure-requests`, which would send
    a page on loopback looking for its own scripts under https.
    https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/adding-response-headers.html
    """
    policies = [
        body for body in template["Resources"].values() if body["Type"] == "AWS::CloudFront::ResponseHeadersPolicy"
    ]
    if not policies:
        raise StackError("template.yaml declares no response headers for the dashboard")
    config = policies[0]["Properties"]["ResponseHeadersPolicyConfig"]
    security = config["SecurityHeadersConfig"]
    directives = [part.strip() for part in security["ContentSecurityPolicy"]["ContentSecurityPolicy"].split(";")]
    headers = {
        "content-security-policy": "; ".join(
            part for part in directives if part not in {"", "upgrade-insecure-requests"}
        ),
        "x-content-type-options": "nosniff",
        "x-frame-options": security["FrameOptions"]["FrameOption"],
        "referrer-policy": security["ReferrerPolicy"]["ReferrerPolicy"],
    }
    own = {item["Header"].lower(): item["Value"] for item in config.get("CustomHeadersConfig", {}).get("Items", ())}
    return {**headers, **own}


def _table(logical: str, body: Mapping[str, Any], template: Mapping[str, Any]) -> Table:
    properties = resolve(body["Properties"], template)
    name = properties.get("TableName") or physical_name(logical)
    create: dict[str, Any] = {"TableName": name, "BillingMode": properties.get("BillingMode", "PROVISIONED")}
    for field in ("AttributeDefinitions", "KeySchema", "GlobalSecondaryIndexes", "LocalSecondaryIndexes"):
        if field in properties:
            create[field] = properties[field]
    if "StreamSpecification" in properties:
        # CloudFormation has no StreamEnabled: naming a view type switches the stream on.
        create["StreamSpecification"] = {"StreamEnabled": True, **properties["StreamSpecification"]}
    ttl = properties.get("TimeToLiveSpecification", {})
    return Table(logical, name, create, ttl["AttributeName"] if ttl.get("Enabled") else None)
