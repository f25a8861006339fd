"""How a connection fails, told apart because they mean different things: was the request sent, may it be repeated, whose fault is it."""

from __future__ import annotations


class TransportFault(Exception):
    """Base. Texts name the phase only, never an address, a header or a body."""


class NotConnected(TransportFault):
    """Refused, no route or TLS failure: nothing was sent."""


class NotConnectedInTime(NotConnected):
    """No connection within the connect timeout."""


class Closed(TransportFault):
    """The peer closed or reset the connection before its answer was whole."""


class NotHttp(TransportFault):
    """What came back is not HTTP/1.1."""


class UnsendableHeader(TransportFault):
    """A header that would break the request's framing."""
