"""What lies in the config table beside the entities and releases: the audit log, the list of publications, and how edits come into force."""

from __future__ import annotations

from pynamodb.attributes import NumberAttribute, UnicodeAttribute

from gateway.stores.keyed import Keyed


class AuditItem(Keyed):
    """A half of an audit entry: that it began (`#0`), or how it ended (`#1`)."""

    data = UnicodeAttribute()
    ttl = NumberAttribute()


class PublicationItem(Keyed):
    """One move of the pointer: which release came into force, by whom."""

    release = UnicodeAttribute()
    number = NumberAttribute()
    at = NumberAttribute()
    by = UnicodeAttribute()
    cause = UnicodeAttribute()
    providers = NumberAttribute()
    upstream_keys = NumberAttribute()
    models = NumberAttribute()
    routes = NumberAttribute()


class PublishingItem(Keyed):
    """Whether an edit comes into force by itself (`direct`) or waits (`draft`)."""

    mode = UnicodeAttribute()
    version = NumberAttribute()
    updated_at = NumberAttribute()
