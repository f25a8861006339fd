"""What can go wrong between us and a provider, as errors of ours.

::

    UpstreamFault            502  upstream_error
    ├── ConnectFault         502  upstream_unreachable   refused, no route, TLS: nothing was sent
    ├── DnsFault             502  upstream_dns           the name does not resolve
    ├── ConnectTimeout       504  upstream_connect_timeout
    ├── FirstByteTimeout     504  upstream_timeout       sent, no answer in time
    ├── IdleTimeout          504  upstream_idle_timeout  the answer stopped coming
    ├── TotalTimeout         504  upstream_total_timeout the whole exchange took too long
    ├── Broken               502  upstream_reset         the connection died under way
    ├── Cut                  502  upstream_cut           the stream ended without its terminal event
    ├── BadAnswer            502  upstream_bad_answer    not HTTP, not JSON, not what was asked for
    ├── Refused              as said  the provider's own word; it refused
    └── NotConfigured        503  provider_unavailable   the provider cannot be called as it is configured

Messages name the provider and the phase, never a URL's secret part, a header or a body.
"""

from __future__ import annotations

from gateway.errors import BadAnswer, UpstreamFault

__all__ = [
    "BadAnswer",
    "Broken",
    "ConnectFault",
    "ConnectTimeout",
    "Cut",
    "DnsFault",
    "FirstByteTimeout",
    "IdleTimeout",
    "NotConfigured",
    "Refused",
    "TotalTimeout",
]


class ConnectFault(UpstreamFault):
    """No connection; nothing was sent."""

    code = "upstream_unreachable"


class DnsFault(ConnectFault):
    """The host name does not resolve."""

    code = "upstream_dns"


class ConnectTimeout(ConnectFault):
    """No connection within `timeouts.connect`."""

    status = 504
    code = "upstream_connect_timeout"


class FirstByteTimeout(UpstreamFault):
    """No answer within `timeouts.first_byte`."""

    status = 504
    code = "upstream_timeout"


class IdleTimeout(UpstreamFault):
    """No byte for `timeouts.idle` in the middle of an answer."""

    status = 504
    code = "upstream_idle_timeout"


class TotalTimeout(UpstreamFault):
    """The exchange took longer than `timeouts.total`, or than the environment may live."""

    status = 504
    code = "upstream_total_timeout"


class Broken(UpstreamFault):
    """The connection died after the request was sent."""

    code = "upstream_reset"


class Cut(UpstreamFault):
    """A stream ended without its terminal event."""

    code = "upstream_cut"


class NotConfigured(UpstreamFault):
    """The provider has no usable credential or address."""

    status = 503
    code = "provider_unavailable"


class Refused(UpstreamFault):
    """The provider answered with an error of its own, to be told in another dialect. `code` is the provider's word."""

    def __init__(self, message: str, status: int, code: str, param: str | None = None) -> None:
        super().__init__(message, param=param)
        self.status = status
        self.code = code
