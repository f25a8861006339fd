"""What a route takes that changes something: services whose changes are written to the audit log, or the request's trail itself."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated, Final

from fastapi import Depends, Request

from gateway.admin.access import signed_in
from gateway.admin.answers import request_id_of
from gateway.admin.recorded import recorded
from gateway.admin.recorded_users import recorded_registration
from gateway.admin.services import Services, services_of
from gateway.admin.trail import Caller, Trail
from gateway.neutral import redaction
from gateway.neutral.audit import Author, Origin
from gateway.stores.users import User

_LINE: Final = 300
_ADDRESS: Final = 64


def origin_of(request: Request) -> Origin:
    """From where a request comes, as one line each and without credentials."""
    return Origin(
        address=redaction.line(request.client.host if request.client else "", _ADDRESS),
        forwarded_for=redaction.line(request.headers.get("x-forwarded-for", ""), _LINE),
        user_agent=redaction.line(request.headers.get("user-agent", ""), _LINE),
    )


def caller_of(request: Request, user: User | None) -> Caller:
    """Who asks, from where; None = nobody whom the deployment knows."""
    author = Author() if user is None else Author(user.id, redaction.line(user.username, _LINE), user.role)
    return Caller(author, origin_of(request), request_id_of(request))


def trail_of(
    request: Request,
    services: Annotated[Services, Depends(services_of)],
    user: Annotated[User, Depends(signed_in)],
) -> Trail:
    """The trail of this request; `gateway.admin.ending` ends it."""
    return begun(request, services, caller_of(request, user))


def begun(request: Request, services: Services, caller: Caller) -> Trail:
    """A trail that ends with the request."""
    trail = Trail(services.audit, caller)
    request.state.trail = trail
    return trail


def registering(request: Request, services: Annotated[Services, Depends(services_of)]) -> Services:
    """Services for somebody who is no user yet, leaving a trail."""
    registration = recorded_registration(
        services.identity.registration, begun(request, services, caller_of(request, None))
    )
    return replace(services, identity=replace(services.identity, registration=registration))


def changing(
    services: Annotated[Services, Depends(services_of)], trail: Annotated[Trail, Depends(trail_of)]
) -> Services:
    """The services, leaving a trail."""
    editors = recorded(services.editors, trail)
    return replace(services, editors=editors, standings=services.standings.on(editors, trail))


Changing = Annotated[Services, Depends(changing)]
Registering = Annotated[Services, Depends(registering)]
Leaving = Annotated[Trail, Depends(trail_of)]
