"""What each function may do on AWS: this table, and nothing else."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from tests.infra.sam import transformed

TABLE_KEY = {"kms:Decrypt", "kms:Encrypt", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:DescribeKey"}
LOGS = {"logs:CreateLogStream", "logs:PutLogEvents"}
# role → statement → (actions, resources by logical id, key of its condition)
EXPECTED: dict[str, dict[str, tuple[set[str], set[str], str | None]]] = {
    "ProxyRole": {
        "OwnLogs": (LOGS, {"ProxyLogs"}, None),
        "ReadConfigurationAndKeys": (
            {"dynamodb:GetItem", "dynamodb:BatchGetItem", "dynamodb:Query"},
            {"ConfigTable", "KeysTable"},
            None,
        ),
        "WriteLogsAndState": (
            {
                "dynamodb:GetItem",
                "dynamodb:PutItem",
                "dynamodb:UpdateItem",
                "dynamodb:DeleteItem",
                "dynamodb:ConditionCheckItem",
            },
            {"LogsTable", "StateTable"},
            None,
        ),
        "ReadHealthAndLimits": ({"dynamodb:BatchGetItem", "dynamodb:Query"}, {"StateTable"}, None),
        "ReadUsage": ({"dynamodb:BatchGetItem"}, {"UsageTable"}, None),
        "TableEncryption": (TABLE_KEY, {"DataKey"}, "kms:ViaService"),
        "ReadUpstreamKeys": ({"kms:Decrypt"}, {"DataKey"}, "kms:EncryptionContext:purpose"),
        "StoreBodies": ({"s3:PutObject"}, {"BodiesBucket/bodies/*"}, None),
        "KeepAnswersAndDialogs": (
            {"dynamodb:GetItem", "dynamodb:BatchGetItem", "dynamodb:Query", "dynamodb:PutItem", "dynamodb:UpdateItem"},
            {"CacheTable", "DialogsTable"},
            None,
        ),
        "AskWhoItIs": ({"lambda:InvokeFunction"}, {"IdentityFunctionAliaslive"}, None),
        "KeepAnswers": (
            {"s3:PutObject", "s3:GetObject"},
            {"BodiesBucket/replays/*", "BodiesBucket/cache/*"},
            None,
        ),
        "TakeUploads": ({"s3:PutObject", "s3:GetObject"}, {"BodiesBucket/uploads/*"}, None),
        "BodyEncryption": ({"kms:GenerateDataKey", "kms:Decrypt"}, {"DataKey"}, "kms:ViaService"),
        "CallBedrockModels": (
            {"bedrock:InvokeModel", "bedrock:InvokeModelWithResponseStream"},
            {
                f"arn:AWS::Partition}}:bedrock:*:{rest}"
                for rest in (
                    ":foundation-model/*",
                    "AWS::AccountId}:inference-profile/*",
                    "AWS::AccountId}:application-inference-profile/*",
                    "AWS::AccountId}:provisioned-model/*",
                    "AWS::AccountId}:imported-model/*",
                )
            },
            None,
        ),
    },
    "AdminRole": {
        "OwnLogs": (LOGS, {"AdminLogs"}, None),
        "ManageConfigurationKeysAndState": (
            {
                "dynamodb:GetItem",
                "dynamodb:BatchGetItem",
                "dynamodb:Query",
                "dynamodb:PutItem",
                "dynamodb:UpdateItem",
                "dynamodb:DeleteItem",
                "dynamodb:BatchWriteItem",
                "dynamodb:ConditionCheckItem",
                "dynamodb:DescribeTable",
            },
            {"ConfigTable", "KeysTable", "KeysTable/index/by_kind", "StateTable", "CacheTable", "DialogsTable"},
            None,
        ),
        "ReadLogsAndUsage": (
            {"dynamodb:GetItem", "dynamodb:BatchGetItem", "dynamodb:Query", "dynamodb:DescribeTable"},
            {"LogsTable", "UsageTable"},
            None,
        ),
        "TableEncryption": (TABLE_KEY, {"DataKey"}, "kms:ViaService"),
        "WriteUpstreamKeys": ({"kms:GenerateDataKey"}, {"DataKey"}, "kms:EncryptionContext:purpose"),
        "ReadBodies": ({"s3:GetObject"}, {"BodiesBucket/bodies/*"}, None),
        "BodyEncryption": ({"kms:Decrypt"}, {"DataKey"}, "kms:ViaService"),
        "ReadOwnSecrets": ({"secretsmanager:GetSecretValue"}, {"AdminSecret", "JwtSecret", "OriginSecret"}, None),
        "AskProviders": ({"lambda:InvokeFunction"}, {"ProbeFunctionAliaslive"}, None),
    },
    "ProbeRole": {
        "OwnLogs": (LOGS, {"ProbeLogs"}, None),
        "ReadUpstreamKeys": ({"kms:Decrypt"}, {"DataKey"}, "kms:EncryptionContext:purpose"),
        "ListBedrockModels": ({"bedrock:ListFoundationModels", "bedrock:ListInferenceProfiles"}, {"*"}, None),
    },
    "IdentityRole": {
        "OwnLogs": (LOGS, {"IdentityLogs"}, None),
        "ReadUsersAndSessions": ({"dynamodb:GetItem"}, {"KeysTable", "StateTable"}, None),
        "TableEncryption": ({"kms:Decrypt", "kms:DescribeKey"}, {"DataKey"}, "kms:ViaService"),
        "ReadTheSigningKey": ({"secretsmanager:GetSecretValue"}, {"JwtSecret"}, None),
    },
    "EmbedderRole": {"OwnLogs": (LOGS, {"EmbedderLogs"}, None)},
    "RollupRole": {
        "OwnLogs": (LOGS, {"RollupLogs"}, None),
        "ReadTheStream": (
            {"dynamodb:DescribeStream", "dynamodb:GetRecords", "dynamodb:GetShardIterator"},
            {"LogsTable"},
            None,
        ),
        "FindTheStream": ({"dynamodb:ListStreams"}, {"LogsTable/stream/*"}, None),
        "FoldIntoUsage": (
            {
                "dynamodb:GetItem",
                "dynamodb:PutItem",
                "dynamodb:UpdateItem",
                "dynamodb:ConditionCheckItem",
                "dynamodb:DescribeTable",
            },
            {"UsageTable"},
            None,
        ),
        "TableEncryption": (TABLE_KEY, {"DataKey"}, "kms:ViaService"),
        "GiveUp": ({"sqs:SendMessage"}, {"RollupDeadLetters"}, None),
    },
    "SweepRole": {
        "OwnLogs": (LOGS, {"SweepLogs"}, None),
        "EndHolds": (
            {
                "dynamodb:Query",
                "dynamodb:BatchGetItem",
                "dynamodb:PutItem",
                "dynamodb:UpdateItem",
                "dynamodb:DeleteItem",
            },
            {"StateTable"},
            None,
        ),
        "FinishRows": ({"dynamodb:PutItem", "dynamodb:UpdateItem"}, {"LogsTable"}, None),
        "TableEncryption": (TABLE_KEY, {"DataKey"}, "kms:ViaService"),
    },
    "PublisherRole": {
        "OwnLogs": (LOGS, {"PublisherLogs"}, None),
        "ListTheDashboard": ({"s3:ListBucket"}, {"DashboardBucket"}, None),
        "ReplaceTheDashboard": ({"s3:GetObject", "s3:PutObject", "s3:DeleteObject"}, {"DashboardBucket/*"}, None),
    },
}


def roles() -> dict[str, Any]:
    return {
        name: body["Properties"]
        for name, body in transformed()["Resources"].items()
        if body["Type"] == "AWS::IAM::Role"
    }


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _resource(value: dict[str, Any] | str) -> str:
    """`"*"`, `{"Fn::GetAtt": ["X", "Arn"]}`, `{"Ref": "X"}` and `{"Fn::Sub": "${X.Arn}/rest"}` as `*`, `X`, `X`, `X/rest`."""
    if isinstance(value, str):
        return value
    if "Fn::GetAtt" in value:
        return str(value["Fn::GetAtt"][0])
    if "Ref" in value:
        return str(value["Ref"])
    return str(value["Fn::Sub"]).replace("${", "").replace(".Arn}", "")


def _statements(role: str) -> dict[str, tuple[set[str], set[str], str | None]]:
    (policy,) = roles()[role]["Policies"]
    found = {}
    for statement in policy["PolicyDocument"]["Statement"]:
        if statement["Effect"] == "Deny":
            continue  # a test of its own below
        condition = next(iter(statement.get("Condition", {}).get("StringEquals", {})), None)
        found[statement["Sid"]] = (
            set(_listed(statement["Action"])),
            {_resource(one) for one in _listed(statement["Resource"])},
            condition,
        )
    return found


@pytest.mark.parametrize("role", EXPECTED)
def test_a_role_may_do_exactly_this(role: str) -> None:
    assert _statements(role) == EXPECTED[role]


def test_the_control_plane_cannot_unsay_what_was() -> None:
    denied = {
        role: statement
        for role, body in roles().items()
        for statement in body["Policies"][0]["PolicyDocument"]["Statement"]
        if statement["Effect"] != "Allow"
    }
    assert denied == {
        "AdminRole": {
            "Sid": "KeepWhatWas",
            "Effect": "Deny",
            "Action": ["dynamodb:DeleteItem", "dynamodb:UpdateItem", "dynamodb:BatchWriteItem"],
            "Resource": {"Fn::GetAtt": ["ConfigTable", "Arn"]},
            "Condition": {"ForAnyValue:StringLike": {"dynamodb:LeadingKeys": ["audit#*", "release#*", "publications"]}},
        }
    }


def test_there_is_no_other_role_and_none_of_amazons_broad_policies() -> None:
    assert set(roles()) == set(EXPECTED)
    assert not [name for name, role in roles().items() if role.get("ManagedPolicyArns")]


def _documents() -> Iterator[tuple[str, dict[str, Any]]]:
    for name, body in transformed()["Resources"].items():
        properties = body.get("Properties", {})
        for policy in properties.get("Policies", []) if body["Type"] == "AWS::IAM::Role" else []:
            yield name, policy["PolicyDocument"]
        if body["Type"] in {"AWS::IAM::RolePolicy", "AWS::IAM::Policy", "AWS::IAM::ManagedPolicy"}:
            yield name, properties["PolicyDocument"]


def test_a_resource_is_everything_only_where_aws_has_nothing_narrower() -> None:
    everything = {
        (name, action)
        for name, document in _documents()
        for statement in document["Statement"]
        if "*" in _listed(statement["Resource"])
        for action in _listed(statement["Action"])
    }
    listing = {("ProbeRole", action) for action in ("bedrock:ListFoundationModels", "bedrock:ListInferenceProfiles")}
    assert listing <= everything
    assert {action for _, action in everything - listing} == {"xray:PutTraceSegments", "xray:PutTelemetryRecords"}
    for name, _ in everything - listing:
        assert transformed()["Resources"][name]["Condition"] == "TracingOn"


def test_no_action_is_everything() -> None:
    for name, document in _documents():
        for statement in document["Statement"]:
            for action in _listed(statement["Action"]):
                assert not action.endswith(":*"), name
                assert "NotAction" not in json.dumps(statement), name


def test_the_upstream_keys_are_written_by_the_control_plane_and_read_by_the_data_plane() -> None:
    """A stolen dashboard session must not reveal what was locked away."""
    by_purpose = {role: _statements(role) for role in EXPECTED}
    readers = {
        role
        for role, statements in by_purpose.items()
        for actions, _, condition in statements.values()
        if condition == "kms:EncryptionContext:purpose" and "kms:Decrypt" in actions
    }
    assert readers == {"ProxyRole", "ProbeRole"}
