"""One deployment for all tests in this folder: creating it costs half a minute."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from tests.e2e.deploy.deployment import Deployment, deploy
from tests.e2e.deploy.local_aws import LocalAws, local_aws


@pytest.fixture(scope="session")
def aws() -> Iterator[LocalAws]:
    """A local AWS with nothing in it."""
    with local_aws() as running:
        yield running


@pytest.fixture(scope="session")
def deployment(aws: LocalAws, tmp_path_factory: pytest.TempPathFactory) -> Deployment:
    """The gateway as template.yaml deploys it, in the local AWS; upstreams on loopback are allowed."""
    return deploy(aws, tmp_path_factory.mktemp("bundles"), {"AllowPrivateUpstreams": "true"})
