"""The deployment's secrets, read once at start. A missing, empty, short or well-known one stops the start (nothing has a default)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from botocore.exceptions import BotoCoreError, ClientError

from gateway.settings import SettingsError

if TYPE_CHECKING:
    from mypy_boto3_secretsmanager import SecretsManagerClient

MIN_PASSWORD = 8
MIN_SIGNING_BYTES = 32
MIN_DISTINCT = 4
_WELL_KNOWN = frozenset(
    "password changeme administrator password1 password12 password123 password1234 12345678 123456789 1234567890 12345678910 qwertyuiop "
    "qwerty1234 qwerty12345 admin12345 administrator1 letmein123 iloveyou12 welcome123 changeme123 changeme1234".split()
)
# Words that, with a few digits or signs around them, are no password: `Password123!`, `change-me-1`.
_WORDS = frozenset(
    "password passwort passw changeme admin administrator letmein welcome secret default qwerty gateway root".split()
)
_AROUND = 6
# What tutorials and example files have where a random key belongs.
_PLACEHOLDERS = (
    "change",
    "your-",
    "your_",
    "insecure",
    "secret-key",
    "secret_key",
    "supersecret",
    "super-secret",
    "placeholder",
    "example",
)


@dataclass(frozen=True, slots=True)
class DeploymentSecrets:
    """The first administrator's name and password, and the key that signs tokens. Never printed."""

    username: str
    password: str = field(repr=False)
    signing_key: bytes = field(repr=False)

    def named(self, username: str) -> bool:
        """True when this is the first administrator's name, which nobody else may have."""
        return username.strip().lower() == self.username.lower()


def everybodys(password: str) -> bool:
    """True for a password that everybody tries first."""
    text = password.lower()
    core = "".join(char for char in text if char.isalpha())
    dressed = core in _WORDS and len(text) - len(core) <= _AROUND
    return text in _WELL_KNOWN or dressed or len(set(password)) < MIN_DISTINCT


def signing_key(name: str, text: str) -> bytes:
    """The key in a secret's text; SettingsError, naming the setting and never the text, when it is short, not random or a placeholder."""
    key = text.strip().encode()
    if len(key) < MIN_SIGNING_BYTES:
        raise SettingsError(f"{name}: the secret is shorter than {MIN_SIGNING_BYTES} bytes")
    if len(set(key)) < MIN_DISTINCT or any(word in text.lower() for word in _PLACEHOLDERS):
        raise SettingsError(f"{name}: the secret is not random")
    return text.encode()


def check(username: str, password: str, key: str) -> DeploymentSecrets:
    """The secrets if they are fit for use; SettingsError names the one that is not, never its value."""
    if not username.strip() or len(username) > 200:
        raise SettingsError("ADMIN_SECRET_ARN: username is empty or too long")
    if len(password) < MIN_PASSWORD:
        raise SettingsError(f"ADMIN_SECRET_ARN: password is shorter than {MIN_PASSWORD} characters")
    if everybodys(password):
        raise SettingsError("ADMIN_SECRET_ARN: password is one that everybody tries first")
    return DeploymentSecrets(username.strip(), password, signing_key("JWT_SECRET_ARN", key))


def load(client: SecretsManagerClient, environ: Mapping[str, str]) -> DeploymentSecrets:
    """Both secrets from Secrets Manager."""
    admin = read(client, environ, "ADMIN_SECRET_ARN")
    try:
        parsed = json.loads(admin)
        username, password = parsed["username"], parsed["password"]
    except (ValueError, KeyError, TypeError):
        raise SettingsError('ADMIN_SECRET_ARN: the secret is not JSON {"username", "password"}') from None
    if not isinstance(username, str) or not isinstance(password, str):
        raise SettingsError("ADMIN_SECRET_ARN: username and password must be strings")
    return check(username, password, read(client, environ, "JWT_SECRET_ARN"))


def read(client: SecretsManagerClient, environ: Mapping[str, str], name: str) -> str:
    """The text of the secret that a setting names; SettingsError when it cannot be had."""
    arn = environ.get(name, "").strip()
    if not arn:
        raise SettingsError(f"{name} is not set")
    try:
        return client.get_secret_value(SecretId=arn)["SecretString"]
    except KeyError:
        raise SettingsError(f"{name}: the secret is not text") from None
    except (BotoCoreError, ClientError) as error:
        raise SettingsError(f"{name}: the secret cannot be read ({type(error).__name__})") from None
