"""The item shapes of the state table, as `tables.py` binds them."""

from __future__ import annotations

from pynamodb.attributes import BinaryAttribute, BooleanAttribute, NumberAttribute, UnicodeAttribute

from gateway.stores.keyed import Keyed


class LoginItem(Keyed):
    """Sign-in tries of a user or an address in the window that ends at `ttl`."""

    failures = NumberAttribute()
    ttl = NumberAttribute()


class DeniedItem(Keyed):
    """An identity provider's token that was signed out before its time."""

    ttl = NumberAttribute()


class SessionItem(Keyed):
    """A session: the family of the refresh tokens that came of one sign-in."""

    user_id = UnicodeAttribute()
    generation = NumberAttribute()
    ttl = NumberAttribute()


class RefreshItem(Keyed):
    """A refresh token, by its digest; it stays after its use."""

    session_id = UnicodeAttribute()
    used = BooleanAttribute(null=True)
    ttl = NumberAttribute()


class BreakerItem(Keyed):
    """The breaker of a target (`gateway.routing.breaker`)."""

    provider = UnicodeAttribute()
    model = UnicodeAttribute()
    until_ms = NumberAttribute(null=True)
    opens = NumberAttribute(null=True)
    since_ms = NumberAttribute(null=True)
    probe_owner = UnicodeAttribute(null=True)
    probe_until_ms = NumberAttribute(null=True)
    last_fault = UnicodeAttribute(null=True)
    last_fault_ms = NumberAttribute(null=True)
    ttl = NumberAttribute()


class UpstreamKeyItem(Keyed):
    """What is known of an upstream key; its configuration is an entity."""

    key_id = UnicodeAttribute()
    stamp = UnicodeAttribute(null=True)
    cooling_until_ms = NumberAttribute(null=True)
    dead_until_ms = NumberAttribute(null=True)
    reason = UnicodeAttribute(null=True)
    used_tokens = NumberAttribute(null=True)
    window_ends_ms = NumberAttribute(null=True)
    mark = UnicodeAttribute(null=True)
    ttl = NumberAttribute()


class AnswersItem(Keyed):
    """The calls of a target in five minutes; its counters are those of `health_items`."""

    provider = UnicodeAttribute()
    model = UnicodeAttribute()
    last_fault = UnicodeAttribute(null=True)
    last_fault_ms = NumberAttribute(null=True)
    mark = UnicodeAttribute()
    ttl = NumberAttribute()


class StopItem(Keyed):
    """A wish to stop a request."""

    ttl = NumberAttribute()


class CountersItem(Keyed):
    """The counters of a scope, or of one of its shards; its other attributes are named by window (`limit_items`)."""

    running = NumberAttribute(null=True)
    slots = NumberAttribute(null=True)
    requests_tat = NumberAttribute(null=True)
    tokens_tat = NumberAttribute(null=True)
    ttl = NumberAttribute(null=True)


class HoldItem(Keyed):
    """What a running request holds."""

    at_ms = NumberAttribute()
    expires_ms = NumberAttribute()
    held = UnicodeAttribute()
    known_nano = NumberAttribute()
    known_tokens = NumberAttribute()
    ttl = NumberAttribute()


class BalanceItem(Keyed):
    """A user's token balance (`gateway.stores.balance_items`)."""

    available = NumberAttribute()
    held = NumberAttribute()
    used = NumberAttribute()
    granted = NumberAttribute()
    room = NumberAttribute()
    limit = NumberAttribute(null=True)
    user = UnicodeAttribute()


class BalanceEntryItem(Keyed):
    """A change of a balance: an administrator's, or what a request took."""

    amount = NumberAttribute()
    reason = UnicodeAttribute()
    at_ms = NumberAttribute()
    message_id = UnicodeAttribute(null=True)
    request_id = UnicodeAttribute(null=True)
    model = UnicodeAttribute(null=True)
    admin = UnicodeAttribute(null=True)
    ttl = NumberAttribute(null=True)


class BalanceOnceItem(Keyed):
    """That an administrator's change was made, and which entry tells of it."""

    entry = UnicodeAttribute()


class ReplayItem(Keyed):
    """An idempotency key of a virtual key: who is at work under it, or the answer that is kept."""

    owner = UnicodeAttribute()
    fingerprint = UnicodeAttribute()
    state = UnicodeAttribute()
    expires_ms = NumberAttribute()
    status = NumberAttribute(null=True)
    stream = BooleanAttribute(null=True)
    headers = UnicodeAttribute(null=True)
    body = BinaryAttribute(legacy_encoding=False, null=True)
    body_ref = UnicodeAttribute(null=True)
    ttl = NumberAttribute()
