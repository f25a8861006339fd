"""Bodies of users, invitations and registration. Passwords go in and never come out; an invitation's token comes out once."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from gateway.admin.fields import Name, Reply, Strict
from gateway.admin.identity_settings import Mode
from gateway.admin.schemas import Role

# The same as the first administrator's in template.yaml: nothing that looks like something else.
Username = Annotated[str, Field(pattern=r"^[A-Za-z0-9._@+-]{1,64}$")]
Password = Annotated[str, Field(min_length=1, max_length=1024, description="At least 10 characters")]
InvitationToken = Annotated[str, Field(min_length=1, max_length=128)]
Source = Literal["deployment", "local", "external"]


class UserIn(Strict):
    """A new user."""

    username: Username
    password: Password
    role: Role = "user"
    active: bool = True


class UserPatch(Strict):
    """Changes to a user; absent fields stay. A new password and `active: false` end all sessions of the user."""

    username: Username | None = None
    password: Password | None = None
    role: Role | None = None
    active: bool | None = None


class UserRow(Reply):
    """A user. `source`: the deployment's first administrator, one of here, or one that an identity provider (`issuer`) vouches for. `email` is what
    was given at registration; `last_login` null = never, or by an identity provider."""

    id: str
    username: str
    role: Role
    active: bool
    source: Source
    issuer: str | None
    email: str | None
    last_login: int | None
    created_at: int
    version: int
    updated_at: int


class InvitationIn(Strict):
    """An invitation: whoever has its token registers once, with this role."""

    role: Role = "user"
    expires_in_hours: Annotated[int, Field(ge=1, le=720)] = 72
    note: Name | None = None


class InvitationOut(Reply):
    """An invitation. `used_by` is the id of the user it became."""

    id: str
    role: Role
    state: Literal["open", "used", "expired"]
    note: str | None
    created_by: str
    created_at: int
    expires_at: int
    used_by: str | None
    used_at: int | None


class InvitationCreated(InvitationOut):
    """A new invitation. `token` is shown only now; in a link it belongs behind the `#`, which no server sees."""

    token: str


class RegisterIn(Strict):
    """A new user, by themselves. The role is the invitation's, without one `user`."""

    username: Username
    password: Password
    invitation: InvitationToken | None = None


class RegistrationOut(Reply):
    """Who may register here: nobody, whoever has an invitation, or everybody."""

    mode: Mode


class PasswordIn(Strict):
    """One's own new password."""

    current: Annotated[str, Field(min_length=1, max_length=1024)]
    new: Password
