"""Everything about who is who, side by side."""

from __future__ import annotations

from dataclasses import dataclass

from gateway.admin.refresh_cookie import RefreshCookie
from gateway.admin.registration import Registration
from gateway.admin.sign_in import SignIn
from gateway.admin.user_editor import UserEditor


@dataclass(frozen=True, slots=True)
class Identity:
    """`sign_in` recognises passwords, `registration` lets people in, `editor` changes users, `cookie` carries refresh tokens."""

    sign_in: SignIn
    registration: Registration
    editor: UserEditor
    cookie: RefreshCookie
