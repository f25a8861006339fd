"""Sessions: what follows a sign-in.

Theory of operation: a session is a row of the store. It has short access tokens (JWT, 15 minutes) and one refresh token at a time (256 random bits,
kept as a hash), which each use replaces. A used one that comes again was copied by somebody, so the session ends for both of them. Whoever asks for
anything is read anew, user and session: a deactivated user, an ended session, a new password counts at once, however long the access token would
have lasted. Tokens of an identity provider have no session here (`external_users.py`).
"""

from __future__ import annotations

import base64
import logging
from dataclasses import dataclass, field
from hashlib import sha256

from gateway.admin.errors import NotSignedIn
from gateway.admin.external_users import ExternalUsers
from gateway.admin.throttle import Throttle
from gateway.admin.tokens import ISSUER, LIFETIME_SECONDS, Tokens, refused, unverified
from gateway.clock import Clock
from gateway.stores.sessions import RefreshToken, Session, SessionStore
from gateway.stores.users import Account, User, Users

LOG = logging.getLogger("gateway.admin")
IDLE_SECONDS = 24 * 3600
LONGEST_SECONDS = 7 * 24 * 3600
MAX_REFRESH_CHARS = 128
_TRIES = 4


@dataclass(frozen=True, slots=True)
class SignedIn:
    """Both tokens of a session, and for how many seconds they are good."""

    user: User
    access_token: str = field(repr=False)
    refresh_token: str = field(repr=False)
    refresh_seconds: int
    access_seconds: int = LIFETIME_SECONDS


@dataclass(frozen=True, slots=True)
class SessionStores:
    """Where users and sessions are kept, and what holds back tries."""

    users: Users
    sessions: SessionStore
    throttle: Throttle


class Reused(NotSignedIn):
    """A refresh token of this user's session was used twice. The caller is told what every other caller with a bad token is."""

    def __init__(self, user: User) -> None:
        super().__init__(refused().message)
        self.user = user


class Sessions:
    """Begins sessions, recognises their tokens, goes on with them, ends them. `external` are the users of an identity provider, if there is one."""

    def __init__(self, stores: SessionStores, tokens: Tokens, clock: Clock, external: ExternalUsers | None) -> None:
        self._stores = stores
        self._tokens = tokens
        self._clock = clock
        self._external = external

    def begin(self, account: Account) -> SignedIn:
        """A new session of a user as they were read: if the password changes meanwhile, the session has ended before it began."""
        now = int(self._clock.wall())
        session = Session(self._clock.new_id("ses"), account.user.id, account.generation, now + LONGEST_SECONDS)
        secret, token = self._refresh_token(session, now)
        self._stores.sessions.begin(session, token)
        return self._signed_in(account.user, session, secret, token)

    def refresh(self, secret: str, address: str) -> SignedIn:
        """The next tokens of a session; NotSignedIn when the refresh token is none of ours (any more). A used one ends its session: `Reused`."""
        subject = f"refresh#{address}"
        self._stores.throttle.take(subject)
        if not 0 < len(secret) <= MAX_REFRESH_CHARS:
            raise refused()
        digest = sha256(secret.encode()).hexdigest()
        for _ in range(_TRIES):
            old = self._stores.sessions.token(digest)
            now = int(self._clock.wall())
            if old is None or old.expires <= now:
                break
            if old.used:
                raise self._reused(old.session_id)
            session, account = self._live(old.session_id)
            fresh, token = self._refresh_token(session, now)
            if self._stores.sessions.rotate(old, token):
                self._stores.throttle.give_back(subject)
                return self._signed_in(account.user, session, fresh, token)
        raise refused()

    def _reused(self, session_id: str) -> NotSignedIn:
        """A used refresh token came again: end its session. `Reused` if it had not ended already."""
        session = self._stores.sessions.get(session_id)
        self._stores.sessions.end(session_id)
        LOG.warning("a used refresh token came again: its session was ended", extra={"session": session_id})
        account = None if session is None else self._stores.users.get(session.user_id)
        return refused() if account is None else Reused(account.user)

    def user(self, token: str) -> User:
        """The user of a token as the store has them now; NotSignedIn when the token, its session or the user is not valid (any more)."""
        if self._external is not None and unverified(token, 1).get("iss") != ISSUER:
            return self._external.user(token)
        claims = self._tokens.read(token)
        _, account = self._live(claims.session_id, claims.user_id)
        return account.user

    def end(self, token: str) -> None:
        """End the session of this access token; NotSignedIn when it is not valid."""
        if self._external is not None and unverified(token, 1).get("iss") != ISSUER:
            self._external.end(token)
            return
        self._stores.sessions.end(self._tokens.read(token).session_id)

    def end_by_refresh(self, secret: str) -> User | None:
        """End the session of this refresh token and give its user; None when there is none."""
        token = self._stores.sessions.token(sha256(secret[:MAX_REFRESH_CHARS].encode()).hexdigest())
        session = None if token is None else self._stores.sessions.get(token.session_id)
        if session is None:
            return None
        self._stores.sessions.end(session.id)
        account = self._stores.users.get(session.user_id)
        return None if account is None else account.user

    def end_all(self, user: User) -> None:
        """End every session of a user."""
        self._stores.users.end_sessions(user.id)

    def _live(self, session_id: str, user_id: str | None = None) -> tuple[Session, Account]:
        """A session that goes on, and its user."""
        session = self._stores.sessions.get(session_id)
        if session is None or session.ends <= self._clock.wall() or user_id not in (None, session.user_id):
            raise refused()
        account = self._stores.users.get(session.user_id)
        if account is None or not account.user.active or account.generation != session.generation:
            raise refused()
        return session, account

    def _refresh_token(self, session: Session, now: int) -> tuple[str, RefreshToken]:
        secret = base64.urlsafe_b64encode(self._clock.entropy(32)).decode().rstrip("=")
        digest = sha256(secret.encode()).hexdigest()
        return secret, RefreshToken(digest, session.id, min(now + IDLE_SECONDS, session.ends))

    def _signed_in(self, user: User, session: Session, secret: str, token: RefreshToken) -> SignedIn:
        access = self._tokens.issue(user.id, session.id)
        return SignedIn(user, access, secret, max(0, token.expires - int(self._clock.wall())))
