"""Administrators and other users of the dashboard."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Role = Literal["admin", "operator", "user"]


@dataclass(frozen=True, slots=True)
class User:
    """`from_deployment` marks the first administrator, whose password is the deployment's secret. `created_at` is Unix ms."""

    id: str
    username: str
    role: Role
    active: bool = True
    created_at: int = 0
    from_deployment: bool = False
