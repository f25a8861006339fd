"""`sam deploy`, done by hand against the local AWS: bundles to S3, the template transformed, a stack created and awaited."""

from __future__ import annotations

import json
import time
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from infra.local.template import load
from tests.e2e.deploy.local_aws import LocalAws
from tests.infra.sam import FUNCTIONS, built, transform

STACK = "gateway"
STAGE = "test"
_BUNDLES = "bundles"


@dataclass(frozen=True, slots=True)
class Deployment:
    """A stack that is up. `proxy_url` and `admin_url` are its two APIs as the local AWS serves them, without a slash at the end."""

    aws: LocalAws
    outputs: Mapping[str, str]
    resources: Mapping[str, str]

    def _api(self, logical: str) -> str:
        return f"{self.aws.endpoint}/restapis/{self.resources[logical]}/{STAGE}/_user_request_"

    @property
    def proxy_url(self) -> str:
        """Base URL of the data plane: `/v1/…` follows."""
        return self._api("ProxyApi")

    @property
    def admin_url(self) -> str:
        """Base URL of the control plane: `/api/…` follows."""
        return self._api("AdminApi")

    def table(self, name: str) -> str:
        """Physical name of a table by its short name: config, keys, state, logs, usage."""
        return self.resources[f"{name.capitalize()}Table"]

    def administrator(self) -> dict[str, str]:
        """Name and password that the deployment generated."""
        secret = self.aws.client("secretsmanager").get_secret_value(SecretId=self.outputs["AdminSecretArn"])
        found: dict[str, str] = json.loads(secret["SecretString"])
        return found


def zip_bundle(folder: Path, target: Path) -> None:
    """The bundle as Lambda takes it: sorted, so that the same files make the same zip."""
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                archive.write(path, path.relative_to(folder).as_posix())


def _for_the_local_aws(template: dict[str, Any]) -> None:
    """Take away the three things the local AWS cannot do, and nothing else.

    Streaming: API Gateway there does not know the streaming address; without the property the functions answer buffered, through their handlers.
    TLS: it speaks plain HTTP, which the buckets' policies rightly refuse.
    KMS condition keys: it checks the roles' policies but does not know these, and would refuse what AWS allows.
    """
    resources = template["Resources"]
    for event in resources["ProxyFunction"]["Properties"]["Events"].values():
        del event["Properties"]["ResponseTransferMode"]
    del resources["BodiesBucketPolicy"]  # its only statement is TlsOnly
    document = resources["DashboardBucketPolicy"]["Properties"]["PolicyDocument"]
    document["Statement"] = [statement for statement in document["Statement"] if statement["Sid"] != "TlsOnly"]
    for role in ("ProxyRole", "AdminRole", "ProbeRole", "IdentityRole"):
        for statement in resources[role]["Properties"]["Policies"][0]["PolicyDocument"]["Statement"]:
            if any(key.startswith("kms:") for key in statement.get("Condition", {}).get("StringEquals", {})):
                del statement["Condition"]


def package(aws: LocalAws, scratch: Path) -> dict[str, Any]:
    """The built template with its bundles in the local S3, as CloudFormation takes it."""
    template = load(built() / "template.yaml")
    _for_the_local_aws(template)
    s3 = aws.client("s3")
    s3.create_bucket(Bucket=_BUNDLES)
    for name in FUNCTIONS:
        zip_bundle(built() / name, scratch / f"{name}.zip")
        s3.upload_file(str(scratch / f"{name}.zip"), _BUNDLES, f"{name}.zip")
        template["Resources"][name]["Properties"]["CodeUri"] = f"s3://{_BUNDLES}/{name}.zip"
    return transform(template)


def _why(cloudformation: Any) -> str:
    events = cloudformation.describe_stack_events(StackName=STACK)["StackEvents"]
    failed = [event for event in events if "FAILED" in event["ResourceStatus"]]
    return "\n".join(f"{event['LogicalResourceId']}: {event.get('ResourceStatusReason')}" for event in failed)


def deploy(aws: LocalAws, scratch: Path, parameters: Mapping[str, str]) -> Deployment:
    """Create the stack and wait for it; RuntimeError names the resources that failed.

    The template goes by way of S3, as `sam deploy` sends it: CloudFormation takes 51,200 bytes of it in a request, and a megabyte so.
    """
    cloudformation = aws.client("cloudformation")
    template = json.dumps(package(aws, scratch)).encode()
    aws.client("s3").put_object(Bucket=_BUNDLES, Key="template.json", Body=template)
    cloudformation.create_stack(
        StackName=STACK,
        TemplateURL=f"https://s3.amazonaws.com/{_BUNDLES}/template.json",
        Capabilities=["CAPABILITY_IAM", "CAPABILITY_NAMED_IAM", "CAPABILITY_AUTO_EXPAND"],
        Parameters=[
            {"ParameterKey": name, "ParameterValue": value} for name, value in {"Stage": STAGE, **parameters}.items()
        ],
    )
    stack = _await_end(cloudformation, "CREATE_IN_PROGRESS")
    if stack["StackStatus"] != "CREATE_COMPLETE":
        raise RuntimeError(f"{stack['StackStatus']}\n{_why(cloudformation)}")
    listed = cloudformation.describe_stack_resources(StackName=STACK)["StackResources"]
    return Deployment(
        aws,
        {output["OutputKey"]: output["OutputValue"] for output in stack["Outputs"]},
        {resource["LogicalResourceId"]: resource["PhysicalResourceId"] for resource in listed},
    )


def _await_end(cloudformation: Any, running: str) -> dict[str, Any]:
    while True:
        stack: dict[str, Any] = cloudformation.describe_stacks(StackName=STACK)["Stacks"][0]
        if stack["StackStatus"] != running:
            return stack
        time.sleep(0.2)


def delete(deployment: Deployment) -> None:
    """Delete the stack and wait until it is gone; RuntimeError when it is not."""
    cloudformation = deployment.aws.client("cloudformation")
    stack_id = cloudformation.describe_stacks(StackName=STACK)["Stacks"][0]["StackId"]
    cloudformation.delete_stack(StackName=STACK)
    cloudformation.get_waiter("stack_delete_complete").wait(
        StackName=stack_id, WaiterConfig={"Delay": 1, "MaxAttempts": 60}
    )
