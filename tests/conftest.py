"""What holds for every test of the project."""

from __future__ import annotations

import functools
import os

from botocore.loaders import JSONFileLoader, Loader
from hypothesis import HealthCheck, settings

pytest_plugins = ["tests.skips"]

# How fast a machine draws examples is no property of the code: the first draw in a fresh clone reads all sources for constants, 4 s on a busy one.
settings.register_profile("house", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("house")

# Whoever runs the tests may be logged in to a real account, or behind a proxy; neither concerns them.
for _name in [name for name in os.environ if name.startswith("AWS_")]:
    del os.environ[_name]
os.environ.update(
    {
        "AWS_EC2_METADATA_DISABLED": "true",
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        "NO_PROXY": "127.0.0.1,localhost",
        "no_proxy": "127.0.0.1,localhost",
    }
)

# Every session of boto3, botocore and pynamodb reads the descriptions of AWS's services anew, a fifth of a second each time.
_read = functools.cache(functools.partial(JSONFileLoader.load_file, JSONFileLoader()))
JSONFileLoader.load_file = lambda _self, file_path: _read(file_path)
# And looks through some 400 folders for what services there are.
_listed = Loader.list_available_services
_services: dict[tuple[str, ...], list[str]] = {}


def _services_of(loader: Loader, type_name: str) -> list[str]:
    key = (type_name, *loader.search_paths)
    if key not in _services:
        _services[key] = _listed(loader, type_name)
    return list(_services[key])


Loader.list_available_services = _services_of
