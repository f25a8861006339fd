"""The schema, as PynamoDB models: one class per item shape, several shapes to a table (README.md in this folder explains each).

The classes are declared without a table; `bind` gives a deployment's set, so that no class-level state changes and two deployments can live in
one process. Those of the state table are in `state_items.py`, those of the audit log, the publications and the mode of publishing in
`config_items.py`. Keys, indexes and the TTL attribute here and in `template.yaml` must agree; `schema` gives them in CloudFormation's words.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, TypeVar, cast

from pynamodb.attributes import BinaryAttribute, BooleanAttribute, NumberAttribute, UnicodeAttribute
from pynamodb.indexes import AllProjection, GlobalSecondaryIndex
from pynamodb.models import Model

from gateway.settings import Settings
from gateway.stores.cache_items import ClearedItem, KeptAnswerItem, QuestionItem
from gateway.stores.config_items import AuditItem, PublicationItem, PublishingItem
from gateway.stores.dialog_items import DialogItem, MessageItem, OwnerItem, RemainderItem, TurnItem
from gateway.stores.keyed import Keyed
from gateway.stores.state_items import (
    AnswersItem,
    BalanceEntryItem,
    BalanceItem,
    BalanceOnceItem,
    BreakerItem,
    CountersItem,
    DeniedItem,
    HoldItem,
    LoginItem,
    RefreshItem,
    ReplayItem,
    SessionItem,
    StopItem,
    UpstreamKeyItem,
)

TTL_ATTRIBUTE = "ttl"

M = TypeVar("M", bound=Model)


class EntityItem(Keyed):
    """A provider, an upstream key, a model or a route. `uses` counts how often something began to refer to it."""

    data = UnicodeAttribute()
    version = NumberAttribute()
    uses = NumberAttribute(null=True)
    updated_at = NumberAttribute()


class ReleaseItem(Keyed):
    """A slice of a release."""

    data = BinaryAttribute(legacy_encoding=False)
    chunks = NumberAttribute()
    created_at = NumberAttribute()
    created_by = UnicodeAttribute()


class PointerItem(Keyed):
    """Which release is in force."""

    release = UnicodeAttribute()
    chunks = NumberAttribute()
    number = NumberAttribute()
    updated_at = NumberAttribute()


class ByKind(GlobalSecondaryIndex[Any]):  # type: ignore[no-untyped-call]
    """Virtual keys, users or invitations, sorted by id, which is by time; accounts, sorted by id, which is any text."""

    class Meta:
        """The index as template.yaml declares it."""

        index_name = "by_kind"
        projection = AllProjection()

    kind = UnicodeAttribute(hash_key=True)
    id = UnicodeAttribute(range_key=True)


class KeyItem(Keyed):
    """A virtual key, by its digest. Of `kind` `playground` it has an end (`ttl`)."""

    data = UnicodeAttribute()
    version = NumberAttribute()
    kind = UnicodeAttribute()
    id = UnicodeAttribute()
    updated_at = NumberAttribute()
    ttl = NumberAttribute(null=True)
    by_kind = ByKind()


class PlaygroundItem(Keyed):
    """Which playground keys a user has."""

    data = UnicodeAttribute()
    version = NumberAttribute()
    ttl = NumberAttribute()


class AccountItem(Keyed):
    """What holds for a user or a team in whose name keys call. `kind` is `account-user` or `account-team`."""

    data = UnicodeAttribute()
    version = NumberAttribute()
    kind = UnicodeAttribute()
    id = UnicodeAttribute()
    updated_at = NumberAttribute()
    by_kind = ByKind()


class UserItem(Keyed):
    """A user. What is not in `data` is what an older release would not know there."""

    data = UnicodeAttribute()
    password_hash = UnicodeAttribute()
    version = NumberAttribute()
    generation = NumberAttribute(null=True)
    issuer = UnicodeAttribute(null=True)
    email = UnicodeAttribute(null=True)
    last_login = NumberAttribute(null=True)
    updated_at = NumberAttribute(null=True)
    kind = UnicodeAttribute()
    id = UnicodeAttribute()
    by_kind = ByKind()


class UsernameItem(Keyed):
    """The claim to a user name."""

    user_id = UnicodeAttribute()


class InvitationItem(Keyed):
    """An invitation to register, by the digest of its token."""

    role = UnicodeAttribute()
    created_by = UnicodeAttribute()
    created_at = NumberAttribute()
    expires_at = NumberAttribute()
    note = UnicodeAttribute(null=True)
    used_by = UnicodeAttribute(null=True)
    used_at = NumberAttribute(null=True)
    ttl = NumberAttribute()
    kind = UnicodeAttribute()
    id = UnicodeAttribute()
    by_kind = ByKind()


class LogItem(Keyed):
    """One request; attributes are absent when the fact is."""

    id = UnicodeAttribute()
    time_ms = NumberAttribute()
    method = UnicodeAttribute()
    path = UnicodeAttribute()
    dialect = UnicodeAttribute()
    status = NumberAttribute()
    state = UnicodeAttribute(null=True)
    stream = BooleanAttribute(null=True)
    ttl = NumberAttribute(null=True)
    key_id = UnicodeAttribute(null=True)
    key_name = UnicodeAttribute(null=True)
    user_id = UnicodeAttribute(null=True)
    team_id = UnicodeAttribute(null=True)
    ip = UnicodeAttribute(null=True)
    client = UnicodeAttribute(null=True)
    session = UnicodeAttribute(null=True)
    agent = UnicodeAttribute(null=True)
    requested_model = UnicodeAttribute(null=True)
    model = UnicodeAttribute(null=True)
    upstream_model = UnicodeAttribute(null=True)
    provider = UnicodeAttribute(null=True)
    upstream_key_id = UnicodeAttribute(null=True)
    route = UnicodeAttribute(null=True)
    release = UnicodeAttribute(null=True)
    error = UnicodeAttribute(null=True)
    error_message = UnicodeAttribute(null=True)
    candidates = NumberAttribute(null=True)
    mirror_of = UnicodeAttribute(null=True)
    retries = NumberAttribute(null=True)
    attempts = UnicodeAttribute(null=True)
    first_byte_ms = NumberAttribute(null=True)
    total_ms = NumberAttribute(null=True)
    fresh_tokens = NumberAttribute(null=True)
    cache_read_tokens = NumberAttribute(null=True)
    cache_write_5m_tokens = NumberAttribute(null=True)
    cache_write_1h_tokens = NumberAttribute(null=True)
    output_tokens = NumberAttribute(null=True)
    reasoning_tokens = NumberAttribute(null=True)
    audio_input_tokens = NumberAttribute(null=True)
    audio_output_tokens = NumberAttribute(null=True)
    image_input_tokens = NumberAttribute(null=True)
    image_output_tokens = NumberAttribute(null=True)
    images_in = NumberAttribute(null=True)
    images_out = NumberAttribute(null=True)
    audio_ms_in = NumberAttribute(null=True)
    audio_ms_out = NumberAttribute(null=True)
    characters = NumberAttribute(null=True)
    searches = NumberAttribute(null=True)
    picture = UnicodeAttribute(null=True)
    service_tier = UnicodeAttribute(null=True)
    input_tokens = NumberAttribute(null=True)
    usage_source = UnicodeAttribute(null=True)
    cost_nano = NumberAttribute(null=True)
    cost_state = UnicodeAttribute(null=True)
    swept = BooleanAttribute(null=True)
    swept_nano = NumberAttribute(null=True)
    swept_tokens = NumberAttribute(null=True)
    price_source = UnicodeAttribute(null=True)
    cache = UnicodeAttribute(null=True)
    saved_nano = NumberAttribute(null=True)
    guardrails = UnicodeAttribute(null=True)
    losses = UnicodeAttribute(null=True)
    correlation_id = UnicodeAttribute(null=True)
    upstream_request_id = UnicodeAttribute(null=True)
    request_headers = UnicodeAttribute(null=True)
    request_body = UnicodeAttribute(null=True)
    response_body = UnicodeAttribute(null=True)
    body_ref = UnicodeAttribute(null=True)


class UsageItem(Keyed):
    """A usage bucket or a mark of the fold; its counters are those of `gateway.rollups`."""

    ttl = NumberAttribute(null=True)


@dataclass(frozen=True, slots=True)
class Tables:
    """The item shapes, bound to a deployment's tables."""

    entity: type[EntityItem]
    release: type[ReleaseItem]
    pointer: type[PointerItem]
    publication: type[PublicationItem]
    publishing: type[PublishingItem]
    audit: type[AuditItem]
    key: type[KeyItem]
    playground: type[PlaygroundItem]
    account: type[AccountItem]
    user: type[UserItem]
    username: type[UsernameItem]
    invitation: type[InvitationItem]
    login: type[LoginItem]
    denied: type[DeniedItem]
    session: type[SessionItem]
    refresh: type[RefreshItem]
    breaker: type[BreakerItem]
    upstream_key: type[UpstreamKeyItem]
    answers: type[AnswersItem]
    stop: type[StopItem]
    counters: type[CountersItem]
    hold: type[HoldItem]
    replay: type[ReplayItem]
    balance: type[BalanceItem]
    balance_entry: type[BalanceEntryItem]
    balance_once: type[BalanceOnceItem]
    log: type[LogItem]
    usage: type[UsageItem]
    answer: type[KeptAnswerItem]
    question: type[QuestionItem]
    cleared: type[ClearedItem]
    dialog: type[DialogItem]
    message: type[MessageItem]
    turn: type[TurnItem]
    remainder: type[RemainderItem]
    owner: type[OwnerItem]


def _bound(model: type[M], table: str, settings: Settings) -> type[M]:
    names = {
        "table_name": table,
        "region": settings.region,
        "host": settings.endpoint_url,
        "connect_timeout_seconds": 3,
        "read_timeout_seconds": 10,
        "billing_mode": "PAY_PER_REQUEST",
    }
    metaclass: Any = type(model)
    return cast("type[M]", metaclass(model.__name__, (model,), {"Meta": type("Meta", (), names)}))


def bind(settings: Settings) -> Tables:
    """The models of a deployment. Nothing is contacted."""
    return Tables(
        entity=_bound(EntityItem, settings.config_table, settings),
        release=_bound(ReleaseItem, settings.config_table, settings),
        pointer=_bound(PointerItem, settings.config_table, settings),
        publication=_bound(PublicationItem, settings.config_table, settings),
        publishing=_bound(PublishingItem, settings.config_table, settings),
        audit=_bound(AuditItem, settings.config_table, settings),
        key=_bound(KeyItem, settings.keys_table, settings),
        playground=_bound(PlaygroundItem, settings.keys_table, settings),
        account=_bound(AccountItem, settings.keys_table, settings),
        user=_bound(UserItem, settings.keys_table, settings),
        username=_bound(UsernameItem, settings.keys_table, settings),
        invitation=_bound(InvitationItem, settings.keys_table, settings),
        login=_bound(LoginItem, settings.state_table, settings),
        denied=_bound(DeniedItem, settings.state_table, settings),
        session=_bound(SessionItem, settings.state_table, settings),
        refresh=_bound(RefreshItem, settings.state_table, settings),
        breaker=_bound(BreakerItem, settings.state_table, settings),
        upstream_key=_bound(UpstreamKeyItem, settings.state_table, settings),
        answers=_bound(AnswersItem, settings.state_table, settings),
        stop=_bound(StopItem, settings.state_table, settings),
        counters=_bound(CountersItem, settings.state_table, settings),
        hold=_bound(HoldItem, settings.state_table, settings),
        replay=_bound(ReplayItem, settings.state_table, settings),
        balance=_bound(BalanceItem, settings.state_table, settings),
        balance_entry=_bound(BalanceEntryItem, settings.state_table, settings),
        balance_once=_bound(BalanceOnceItem, settings.state_table, settings),
        log=_bound(LogItem, settings.logs_table, settings),
        usage=_bound(UsageItem, settings.usage_table, settings),
        answer=_bound(KeptAnswerItem, settings.cache_table, settings),
        question=_bound(QuestionItem, settings.cache_table, settings),
        cleared=_bound(ClearedItem, settings.cache_table, settings),
        dialog=_bound(DialogItem, settings.dialogs_table, settings),
        message=_bound(MessageItem, settings.dialogs_table, settings),
        turn=_bound(TurnItem, settings.dialogs_table, settings),
        remainder=_bound(RemainderItem, settings.dialogs_table, settings),
        owner=_bound(OwnerItem, settings.dialogs_table, settings),
    )


def schema() -> dict[str, dict[str, Any]]:
    """Key schema, attribute definitions, indexes and TTL attribute of every table, by its environment variable, as CloudFormation has them."""
    keys = [{"AttributeName": "pk", "KeyType": "HASH"}, {"AttributeName": "sk", "KeyType": "RANGE"}]
    attributes = [{"AttributeName": "pk", "AttributeType": "S"}, {"AttributeName": "sk", "AttributeType": "S"}]
    plain = {"KeySchema": keys, "AttributeDefinitions": attributes, "GlobalSecondaryIndexes": [], "Ttl": TTL_ATTRIBUTE}
    index = ByKind.Meta
    indexed = {
        **plain,
        "AttributeDefinitions": [
            *attributes,
            {"AttributeName": ByKind.kind.attr_name, "AttributeType": ByKind.kind.attr_type},
            {"AttributeName": ByKind.id.attr_name, "AttributeType": ByKind.id.attr_type},
        ],
        "GlobalSecondaryIndexes": [
            {
                "IndexName": index.index_name,
                "KeySchema": [
                    {"AttributeName": ByKind.kind.attr_name, "KeyType": "HASH"},
                    {"AttributeName": ByKind.id.attr_name, "KeyType": "RANGE"},
                ],
                "Projection": {"ProjectionType": index.projection.projection_type},
            }
        ],
    }
    others = ("CONFIG_TABLE", "STATE_TABLE", "LOGS_TABLE", "USAGE_TABLE", "CACHE_TABLE", "DIALOGS_TABLE")
    return {"KEYS_TABLE": indexed, **dict.fromkeys(others, plain)}
