"""Where the dashboard's refresh token is kept: a cookie that no script can read.

Why not in memory or in `sessionStorage`: a refresh token is good for a day and a session for a week. In reach of scripts, one line of foreign script
would carry it off for good; here such a script can at most use the session while the page is open. A tab of its own storage would also need
a sign-in per tab, and memory one per reload. The cookie is `HttpOnly`, `Secure`, `SameSite=Strict`, goes only to `/api/auth`, and only two
routes look at it: refresh and logout. Everything else needs the access token in a header, which no other site can make a browser send.

Forged requests (CSRF): SameSite=Strict keeps the cookie away from other sites, but not from another host of the same site; so both routes also demand
the header `x-refresh: 1`, which a page of another origin may send only after a preflight that this API refuses, and refuse what a
browser marks as coming from another origin (`Sec-Fetch-Site`).
https://www.rfc-editor.org/rfc/rfc6265#section-4.1.2, https://cheatsheetseries.owasp.org/cheatsheets/Cross-Site_Request_Forgery_Prevention_Cheat_Sheet.html
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Final, Literal

from fastapi import Header, Request, Response

from gateway.admin.errors import NotAllowed

PATH: Final = "/api/auth"
# `Sec-Fetch-Site` of our own pages, and of an address typed by hand.
_OURS: Final = frozenset({"same-origin", "none"})

Intent = Annotated[
    Literal["1"], Header(alias="x-refresh", description="Says that no other site's page made this request")
]
MaybeIntent = Annotated[
    Literal["1"] | None, Header(alias="x-refresh", description="With it, the refresh token's session is ended too")
]


@dataclass(frozen=True, slots=True)
class RefreshCookie:
    """`secure` False only on a local stack, which has no TLS; a prefix `__Secure-` keeps plain pages from writing the cookie."""

    secure: bool

    @property
    def name(self) -> str:
        """The cookie's name."""
        return "__Secure-gateway-refresh" if self.secure else "gateway-refresh"

    def give(self, request: Request, response: Response, token: str, seconds: int) -> None:
        """Have the browser keep a token for so many seconds; but not where another origin's page signed in, which could so make a browser work
        for somebody else's user.
        """
        if not _is_ours(request):
            return
        response.set_cookie(
            self.name, token, max_age=seconds, path=PATH, secure=self.secure, httponly=True, samesite="strict"
        )

    def take_back(self, response: Response) -> None:
        """Have the browser forget it."""
        response.delete_cookie(self.name, path=PATH, secure=self.secure, httponly=True, samesite="strict")

    def read(self, request: Request) -> str:
        """The token, "" when none came; NotAllowed when a browser says that another origin's page made the request."""
        if not _is_ours(request):
            raise NotAllowed("Another site's page may not do this.")
        return request.cookies.get(self.name, "")


def _is_ours(request: Request) -> bool:
    return request.headers.get("sec-fetch-site", "same-origin") in _OURS
