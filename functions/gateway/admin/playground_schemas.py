"""Bodies of playground keys."""

from __future__ import annotations

from gateway.admin.fields import Reply


class PlaygroundKey(Reply):
    """A virtual key for trying models: `key` is shown only now, and is good until `expires_at`."""

    key: str
    key_id: str
    expires_at: int
