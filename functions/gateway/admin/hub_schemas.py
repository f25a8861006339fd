"""Bodies of the hub's API (`/v1/auth`, `/v1/admin`): registration and sign-in, upstream keys, logs and figures in the shapes that clients of a hub of
keys have. Times are Unix seconds; tokens are counted in and out together."""

from __future__ import annotations

from typing import Annotated, Any, Final, Literal

from pydantic import BaseModel, ConfigDict, Field

from gateway.admin.fields import Name, Reply, Strict
from gateway.admin.identity_schemas import InvitationToken, Password, Username
from gateway.admin.schemas import Quota, Role, Secret

MOST_LOGS = 500
Email = Annotated[
    str, Field(max_length=254, pattern=r"^[^\s@\x00-\x1f\x7f]{1,64}@[^\s@\x00-\x1f\x7f]{1,189}$", description="A note")
]
Vendor = Annotated[
    str,
    Field(
        min_length=1,
        max_length=128,
        description="A vendor (`openai`, `anthropic`, `gemini`, …) or the id of a provider that is configured",
    ),
]
KeyState = Literal["active", "near_limit", "exhausted", "cooldown", "dead", "disabled"]


class HubErrorDetail(BaseModel):
    """What went wrong. `type` is a class of errors, `code` a stable word, `param` the path of the offending field."""

    message: str
    type: str
    code: str
    param: str | None = None
    request_id: str


class HubErrorReply(BaseModel):
    """Every error under `/v1/auth` and `/v1/admin` has this shape; `detail` is the message again."""

    error: HubErrorDetail
    detail: str


HUB_ERRORS: Final[dict[int | str, dict[str, Any]]] = {"default": {"model": HubErrorReply, "description": "Any error"}}


class HubRegisterIn(Strict):
    """A new user, by themselves, as `POST /api/auth/register` takes it; nobody becomes an administrator by being first. `email` is kept as a note."""

    username: Username
    password: Password
    email: Email | None = None
    invitation: InvitationToken | None = None


class HubUser(Reply):
    """A user. `last_login` null: never, or by an identity provider."""

    id: str
    username: str
    email: str | None
    role: Role
    is_active: bool
    created_at: int
    last_login: int | None


class HubToken(Reply):
    """A bearer token, good for `expires_in` seconds; afterwards one signs in again."""

    access_token: str
    token_type: Literal["bearer"] = "bearer"  # noqa: S105
    expires_in: int


class HubKeyIn(Strict):
    """A new upstream key. A vendor that has no provider yet gets one, under the vendor's name."""

    provider: Vendor
    key_value: Secret
    name: Name | None = None
    daily_quota: Quota | None = 0
    is_active: bool = True


class HubKeyPatch(Strict):
    """Changes to an upstream key; absent fields stay. The key itself is replaced by a new one."""

    name: Name | None = None
    is_active: bool | None = None
    daily_quota: Quota | None = None


class HubKey(Reply):
    """An upstream key, without the key: `key_prefix` looks like `sk-****1234`. `used_today`: tokens of the 24 hours that began with the first use;
    `near_limit` is from 80 % of the quota on, `dead` a key that the provider refuses."""

    id: str
    name: str
    provider: str
    key_prefix: str
    is_active: bool
    daily_quota: int
    used_today: int
    resets_at: int | None
    cooldown_until: int | None
    status: KeyState


class HubDeleted(Reply):
    """The key is gone; log rows keep its id."""

    status: Literal["success"] = "success"
    message: Literal["Key deleted"] = "Key deleted"


class HubDiscoverIn(Strict):
    """A key to be tried. It is stored nowhere."""

    provider: Vendor
    key_value: Secret
    name: Name | None = None
    daily_quota: Quota | None = None


class HubDiscovered(Reply):
    """What the provider lists for the key. Vendors do not tell a key's quota, so `quota` is null; `suggested_daily_quota` is a rule of thumb. `more`:
    the list goes on."""

    provider: str
    models: list[str]
    more: bool
    quota: None = None
    suggested_daily_quota: int


class HubLogsQuery(BaseModel):
    """How many of the newest requests."""

    model_config = ConfigDict(extra="forbid")

    limit: Annotated[int, Field(ge=1, le=MOST_LOGS, description="At most so many")] = 100


class HubLog(Reply):
    """One request. `model` is what the client asked for; `api_key_id` the upstream key's (null: none was used, or you may not see it). `error` null =
    it went well; `retries`: calls of a provider after the first."""

    id: str
    api_key_id: str | None
    timestamp: int
    model: str | None
    prompt_tokens: int
    completion_tokens: int
    total_tokens: int
    provider: str | None
    status: int
    latency_ms: float
    error: str | None
    retries: int


class HubShare(Reply):
    """A model's part of the last 24 hours' requests, in percent."""

    name: str
    value: float


class HubBlock(Reply):
    """Four hours; `name` is their beginning, `HH:00` in UTC."""

    name: str
    requests: int
    tokens: int


class HubStats(Reply):
    """`total_…`: of the last 400 days. The rest is of the last 24 hours, to the full hour: `avg_latency` in milliseconds, at most 5 % off, null
    without requests; `model_share` by the model that answered, empty where there are too many figures to add up; `usage_data`: six blocks of
    four hours, the oldest first. Users see figures of their own."""

    total_requests: int
    total_tokens: int
    avg_latency: float | None
    model_share: list[HubShare]
    usage_data: list[HubBlock]
