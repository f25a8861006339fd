"""template.yaml: what SAM and CloudFormation make of it."""

from __future__ import annotations

import ast
import inspect
import re
import subprocess
from typing import Any

import pytest
from infra.local.template import tables
from tests.infra.sam import FUNCTIONS, ROOT, SAM_BIN, environment, sam, template, transformed

from gateway import settings
from gateway.neutral.caching import LONGEST_TTL
from gateway.stores.tables import schema

STREAMING_URI = re.compile(
    r"^arn:aws:apigateway:\$\{AWS::Region\}:lambda:path/2021-11-15/functions/\$\{\w+\}/response-streaming-invocations$"
)
VERBS = {"get", "post", "put", "patch", "delete", "head", "options"}
ROUTES = {
    ("/v1/chat/completions", "post"),
    ("/v1/messages", "post"),
    ("/v1/messages/count_tokens", "post"),
    ("/v1/embeddings", "post"),
    ("/v1/models", "get"),
    ("/v1/models/{id+}", "get"),
    ("/health", "get"),
    ("/v1/responses", "post"),
    ("/v1/chat", "post"),
    ("/v1/completions", "post"),
    ("/v1/completions/stream", "post"),
    ("/v1/moderations", "post"),
    ("/v1/rerank", "post"),
    ("/v1/images/generations", "post"),
    ("/v1/audio/speech", "post"),
    ("/v1/audio/transcriptions", "post"),
    ("/v1/audio/translations", "post"),
    ("/v1/audio/uploads", "post"),
    ("/v1/images/edits", "post"),
    ("/v1/images/variations", "post"),
    ("/v1beta/models", "get"),
    ("/v1beta/models/{model+}", "get"),
    ("/v1beta/models/{model+}", "post"),
    ("/v1/providers", "get"),
    ("/v1/providers/{id}/health", "get"),
    ("/v1/requests/{id}", "delete"),
    ("/v1/cache/stats", "get"),
    ("/v1/cache", "delete"),
    ("/health/live", "get"),
    ("/health/ready", "get"),
    ("/", "get"),
    ("/", "head"),
    ("/api/v1/dialogs/{dialog}/messages", "get"),
    ("/api/v1/dialogs/{dialog}/messages", "post"),
    ("/api/v1/dialogs/{dialog}/messages/sync", "post"),
    ("/api/v1/dialogs/{dialog}/messages/{message}/run", "delete"),
    *(("/{proxy+}", verb) for verb in VERBS),
}
DATA_PLANE = ("ProxyFunction", "AdminFunction", "ProbeFunction", "RollupFunction", "SweepFunction")


def resources(kind: str) -> dict[str, dict[str, Any]]:
    """Properties of every transformed resource of a type, by logical id."""
    return {
        name: body.get("Properties", {}) for name, body in transformed()["Resources"].items() if body["Type"] == kind
    }


def test_cfn_lint_finds_nothing() -> None:
    done = subprocess.run(
        [str(SAM_BIN / "cfn-lint"), "template.yaml"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        env=environment(),
        check=False,
    )
    assert done.returncode == 0, done.stdout


def test_sam_validate_lint_finds_nothing() -> None:
    assert "is a valid SAM Template" in sam("validate", "--lint")


def test_every_route_of_the_data_plane_streams() -> None:
    paths = resources("AWS::Serverless::Api") or resources("AWS::ApiGateway::RestApi")["ProxyApi"]["Body"]["paths"]
    found = {}
    for path, methods in paths.items():
        for verb, method in methods.items():
            found[path, verb] = method["x-amazon-apigateway-integration"]
    assert set(found) == ROUTES
    for route, integration in found.items():
        assert STREAMING_URI.match(integration["uri"]["Fn::Sub"]), route
        assert integration["responseTransferMode"] == "STREAM", route
        assert integration["timeoutInMillis"] == 900000, route


def test_the_control_plane_answers_buffered() -> None:
    methods = resources("AWS::ApiGateway::Method")
    for method in methods.values():
        assert method["Integration"]["Uri"]["Fn::Sub"][0].endswith("/2015-03-31/functions/${Alias}/invocations")
        assert "ResponseTransferMode" not in method["Integration"]
    roots = resources("AWS::ApiGateway::Resource")
    assert sorted(part["PathPart"] for part in roots.values()) == ["api", "v1", "{proxy+}", "{proxy+}"]
    waiting = [
        set(body["DependsOn"])
        for body in transformed()["Resources"].values()
        if body["Type"] == "AWS::ApiGateway::Deployment" and body["Properties"]["RestApiId"] == {"Ref": "AdminApi"}
    ]
    assert waiting == [set(methods)], "a deployment is a snapshot: it waits for every method"


def test_both_apis_are_regional_and_only_the_proxy_takes_bytes_as_they_are() -> None:
    apis = resources("AWS::ApiGateway::RestApi")
    assert {name: api["EndpointConfiguration"]["Types"] for name, api in apis.items()} == {
        "ProxyApi": ["REGIONAL"],
        "AdminApi": ["REGIONAL"],
    }
    assert apis["ProxyApi"]["BinaryMediaTypes"] == ["*/*"]
    assert "BinaryMediaTypes" not in apis["AdminApi"]


@pytest.mark.parametrize(
    "name", ["ConfigTable", "KeysTable", "StateTable", "LogsTable", "UsageTable", "DialogsTable", "CacheTable"]
)
def test_every_table_expires_recovers_and_is_encrypted(name: str) -> None:
    table = resources("AWS::DynamoDB::Table")[name]
    assert table["BillingMode"] == "PAY_PER_REQUEST"
    assert table["TimeToLiveSpecification"] == {"AttributeName": "ttl", "Enabled": True}
    if name != "CacheTable":  # its answers are made anew
        assert table["PointInTimeRecoverySpecification"] == {"PointInTimeRecoveryEnabled": True}
    assert table["SSESpecification"] == {
        "SSEEnabled": True,
        "SSEType": "KMS",
        "KMSMasterKeyId": {"Fn::GetAtt": ["DataKey", "Arn"]},
    }
    assert "TableName" not in table, (
        "a name that is given cannot be deployed twice, nor beside what an earlier deployment left"
    )


def test_only_the_logs_have_a_stream() -> None:
    streams = {
        name: table["StreamSpecification"]
        for name, table in resources("AWS::DynamoDB::Table").items()
        if "StreamSpecification" in table
    }
    assert streams == {"LogsTable": {"StreamViewType": "NEW_IMAGE"}}


def test_the_tables_are_those_of_the_models() -> None:
    """Keys, attributes, indexes and TTL attribute, table by table, as the stores' models have them."""

    def ordered(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
        return sorted(rows, key=lambda row: str(row.get("AttributeName") or row.get("IndexName")))

    declared = {f"{table.logical.removesuffix('Table').upper()}_TABLE": table for table in tables(template())}
    assert declared.keys() == schema().keys()
    for name, model in schema().items():
        table = declared[name]
        assert list(table.create["KeySchema"]) == model["KeySchema"], name
        assert ordered(table.create["AttributeDefinitions"]) == ordered(model["AttributeDefinitions"]), name
        assert ordered(table.create.get("GlobalSecondaryIndexes", [])) == ordered(model["GlobalSecondaryIndexes"]), name
        assert table.ttl == model["Ttl"], name


def _settings_names() -> set[str]:
    """Every environment variable that settings.py requires."""
    calls = [node for node in ast.walk(ast.parse(inspect.getsource(settings))) if isinstance(node, ast.Call)]
    names = {
        ast.literal_eval(call.args[1])
        for call in calls
        if isinstance(call.func, ast.Name) and call.func.id == "_required"
    }
    return names - {"AWS_REGION"}  # Lambda's own


@pytest.mark.parametrize("name", DATA_PLANE)
def test_every_function_gets_the_settings_it_reads(name: str) -> None:
    given = resources("AWS::Lambda::Function")[name]["Environment"]["Variables"]
    assert len(_settings_names()) >= 7
    assert _settings_names() <= set(given)


def test_functions_log_to_their_own_group_with_retention() -> None:
    groups = resources("AWS::Logs::LogGroup")
    for name in FUNCTIONS:
        group = resources("AWS::Lambda::Function")[name]["LoggingConfig"]["LogGroup"]["Ref"]
        assert groups[group]["RetentionInDays"] == {"Ref": "LogRetentionDays"}


def test_callers_use_the_alias_and_every_property_makes_a_version() -> None:
    for name in FUNCTIONS:
        properties = template()["Resources"][name]["Properties"]
        assert properties["AutoPublishAliasAllProperties"] is True
        assert f"{name}Aliaslive" in transformed()["Resources"]


def test_a_new_publisher_runs_again() -> None:
    dashboard = resources("AWS::CloudFormation::CustomResource")["Dashboard"]
    versions = [name for name in resources("AWS::Lambda::Version") if name.startswith("PublisherFunction")]
    assert [dashboard["Version"]["Ref"]] == versions
    timeout = resources("AWS::Lambda::Function")["PublisherFunction"]["Timeout"]
    assert timeout < dashboard["ServiceTimeout"] < 3600


def test_the_fold_reports_single_failures_and_gives_up_into_a_queue() -> None:
    (mapping,) = resources("AWS::Lambda::EventSourceMapping").values()
    assert mapping["FunctionResponseTypes"] == ["ReportBatchItemFailures"]
    assert mapping["BisectBatchOnFunctionError"] is True
    assert mapping["DestinationConfig"]["OnFailure"]["Destination"] == {"Fn::GetAtt": ["RollupDeadLetters", "Arn"]}
    assert 0 < mapping["MaximumRetryAttempts"] <= 100


def test_expired_holds_are_swept_every_minute_and_somebody_is_told_when_they_are_not() -> None:
    (rule,) = resources("AWS::Events::Rule").values()
    assert (rule["ScheduleExpression"], rule.get("State", "ENABLED")) == (
        "rate(1 minute)",
        "ENABLED",
    )
    assert [target["Arn"] for target in rule["Targets"]] == [{"Ref": "SweepFunctionAliaslive"}]
    function = resources("AWS::Lambda::Function")["SweepFunction"]
    assert function["Handler"] == "rollup.sweep.handler"
    assert function["Timeout"] < 60
    alarm = resources("AWS::CloudWatch::Alarm")["SweepErrorsAlarm"]
    assert (alarm["MetricName"], alarm["Dimensions"][0]["Value"]) == ("Errors", {"Ref": "SweepFunction"})


def test_no_bucket_is_public() -> None:
    for name, bucket in resources("AWS::S3::Bucket").items():
        assert set(bucket["PublicAccessBlockConfiguration"].values()) == {True}, name
        assert bucket["BucketEncryption"], name
    for policy in resources("AWS::S3::BucketPolicy").values():
        for statement in policy["PolicyDocument"]["Statement"]:
            assert statement["Effect"] == "Deny" or statement["Principal"] == {"Service": "cloudfront.amazonaws.com"}
            assert statement["Condition"]


def test_the_dashboard_runs_only_its_own_scripts() -> None:
    (policy,) = resources("AWS::CloudFront::ResponseHeadersPolicy").values()
    csp = policy["ResponseHeadersPolicyConfig"]["SecurityHeadersConfig"]["ContentSecurityPolicy"][
        "ContentSecurityPolicy"
    ]
    assert "unsafe" not in csp
    assert "*" not in csp
    directives = dict(part.strip().split(" ", 1) for part in csp.split(";") if " " in part.strip())
    assert directives["default-src"] == "'none'"
    assert directives["script-src"] == "'self'"


def test_cloudfront_neither_caches_nor_rewrites_the_apis() -> None:
    (distribution,) = resources("AWS::CloudFront::Distribution").values()
    config = distribution["DistributionConfig"]
    behaviors = {one["PathPattern"]: one for one in config["CacheBehaviors"]}
    assert {path: one["TargetOriginId"] for path, one in behaviors.items()} == {
        "/api/v1/dialogs/*/messages*": "proxy",
        "/api/*": "admin",
        "/v1/auth/*": "admin",
        "/v1/admin/*": "admin",
        "/v1/*": "proxy",
        "/v1beta/*": "proxy",
    }
    order = [one["PathPattern"] for one in config["CacheBehaviors"]]
    assert order.index("/api/v1/dialogs/*/messages*") < order.index("/api/*"), "the first that fits holds"
    assert max(order.index("/v1/auth/*"), order.index("/v1/admin/*")) < order.index("/v1/*")
    for path, api in behaviors.items():
        assert api["CachePolicyId"] == "4135ea2d-6ad8-44a3-9df3-4b5a84be39ad", path
        assert api["OriginRequestPolicyId"] == "b689b0a8-53d0-40ab-baf2-68738e2966ac", path
        assert api["ResponseHeadersPolicyId"] == {"Ref": "DashboardHeaders"}, path
        assert {"POST", "DELETE"} <= set(api["AllowedMethods"]), path
        assert "FunctionAssociations" not in api, path
    assert "CustomErrorResponses" not in config, "it would turn the API's 404 into the dashboard's page"


def test_cloudfront_tells_the_admin_api_that_it_was_there() -> None:
    (distribution,) = resources("AWS::CloudFront::Distribution").values()
    by_id = {one["Id"]: one for one in distribution["DistributionConfig"]["Origins"]}
    (header,) = by_id["admin"]["OriginCustomHeaders"]
    assert header["HeaderName"] == "x-origin-verify"
    assert header["HeaderValue"] == {"Fn::Sub": "{{resolve:secretsmanager:${OriginSecret}}}"}
    assert "OriginCustomHeaders" not in by_id["proxy"], "the secret goes to nobody else"
    variables = resources("AWS::Lambda::Function")["AdminFunction"]["Environment"]["Variables"]
    assert variables["ORIGIN_SECRET_ARN"] == {"Fn::GetAtt": ["OriginSecret", "Id"]}


def test_the_dashboard_reaches_the_data_plane_on_its_own_host_and_streams() -> None:
    """The playground's pages may connect to their own host only; a compressor would hold a stream back."""
    (distribution,) = resources("AWS::CloudFront::Distribution").values()
    config = distribution["DistributionConfig"]
    (proxy,) = (one for one in config["Origins"] if one["Id"] == "proxy")
    assert proxy["DomainName"]["Fn::Sub"].startswith("${ProxyApi}.execute-api.")
    assert proxy["OriginPath"] == {"Fn::Sub": "/${Stage}"}
    assert proxy["CustomOriginConfig"]["OriginProtocolPolicy"] == "https-only"
    assert proxy["CustomOriginConfig"]["OriginReadTimeout"] == 60
    assert {one["Compress"] for one in config["CacheBehaviors"] if one["TargetOriginId"] == "proxy"} == {False}
    (policy,) = resources("AWS::CloudFront::ResponseHeadersPolicy").values()
    csp = policy["ResponseHeadersPolicyConfig"]["SecurityHeadersConfig"]["ContentSecurityPolicy"]
    assert "connect-src 'self';" in csp["ContentSecurityPolicy"]


@pytest.mark.parametrize(
    ("uri", "target"),
    [
        ("/", "/index.html"),
        ("/logs", "/index.html"),
        ("/logs/req_01", "/index.html"),
        ("/keys/", "/index.html"),
        ("/index.html", "/index.html"),
        ("/config.json", "/config.json"),
        ("/assets/index-abc.js", "/assets/index-abc.js"),
        ("/assets/v1.2/page", "/index.html"),
    ],
)
def test_pages_without_a_file_get_the_page(uri: str, target: str) -> None:
    """The CloudFront function itself, run by node."""
    (function,) = resources("AWS::CloudFront::Function").values()
    script = f"{function['FunctionCode']}\nconsole.log(handler({{request: {{uri: process.argv[1]}}}}).uri)"
    done = subprocess.run(["node", "-e", script, uri], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == target


def test_what_is_retained_when_the_stack_goes() -> None:
    kept = {
        name
        for name, body in transformed()["Resources"].items()
        if body.get("DeletionPolicy") == "RetainExceptOnCreate"
    }
    tables = {"ConfigTable", "KeysTable", "StateTable", "LogsTable", "UsageTable", "DialogsTable"}
    assert kept == {"DataKey", "BodiesBucket", *tables}
    stateful = (
        "AWS::DynamoDB::Table",
        "AWS::S3::Bucket",
        "AWS::KMS::Key",
        "AWS::SecretsManager::Secret",
        "AWS::SQS::Queue",
        "AWS::Logs::LogGroup",
    )
    for name, body in transformed()["Resources"].items():
        if body["Type"] in stateful:
            assert {"DeletionPolicy", "UpdateReplacePolicy"} <= body.keys(), (
                f"{name}: nobody decided what becomes of its data"
            )


def test_no_secret_has_a_value_in_the_template() -> None:
    for name, secret in resources("AWS::SecretsManager::Secret").items():
        assert "SecretString" not in secret, name
        assert secret["GenerateSecretString"]["PasswordLength"] >= 24, name


def test_what_is_kept_in_the_bucket_for_others_ends_by_itself() -> None:
    bucket = resources("AWS::S3::Bucket")["BodiesBucket"]
    rules = {rule.get("Prefix", ""): rule["ExpirationInDays"] for rule in bucket["LifecycleConfiguration"]["Rules"]}
    assert rules["uploads/"] == rules["replays/"] == 2
    assert rules["cache/"] == LONGEST_TTL // 86_400 + 1, "S3 counts from the next midnight"
    assert all(rule["Status"] == "Enabled" for rule in bucket["LifecycleConfiguration"]["Rules"])
    # Nothing else is denied: files are put by URLs that carry the function's rights.
    policy = resources("AWS::S3::BucketPolicy")["BodiesBucketPolicy"]["PolicyDocument"]["Statement"]
    assert [(one["Effect"], one["Condition"]) for one in policy] == [
        ("Deny", {"Bool": {"aws:SecureTransport": "false"}})
    ]
