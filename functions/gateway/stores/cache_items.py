"""The item shapes of the cache table, as `tables.py` binds them. `hot_cache.py` says what they mean."""

from __future__ import annotations

from pynamodb.attributes import BinaryAttribute, BooleanAttribute, NumberAttribute, UnicodeAttribute

from gateway.stores.keyed import Keyed


class KeptAnswerItem(Keyed):
    """An answer that may be given again; its body is here, or in the bodies bucket."""

    request_id = UnicodeAttribute()
    made_ms = NumberAttribute()
    stream = BooleanAttribute()
    headers = UnicodeAttribute()
    body = BinaryAttribute(legacy_encoding=False, null=True)
    body_ref = UnicodeAttribute(null=True)
    cost_nano = NumberAttribute()
    input_tokens = NumberAttribute()
    output_tokens = NumberAttribute()
    provider = UnicodeAttribute(null=True)
    model = UnicodeAttribute(null=True)
    upstream_model = UnicodeAttribute(null=True)
    expires_ms = NumberAttribute()
    ttl = NumberAttribute()


class QuestionItem(Keyed):
    """A question that was answered, and the digest of its answer."""

    text = UnicodeAttribute()
    vector = BinaryAttribute(legacy_encoding=False)
    answer = UnicodeAttribute()
    expires_ms = NumberAttribute()
    ttl = NumberAttribute()


class ClearedItem(Keyed):
    """Since when a tenant's answers count (`tenant#<tenant>`), or everybody's (`everything`)."""

    cleared_ms = NumberAttribute()
