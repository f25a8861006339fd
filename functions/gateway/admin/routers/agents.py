"""Agents: presets that dialogs may name."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Response

from gateway.admin.access import access
from gateway.admin.agent_schemas import AgentIn, AgentOut, AgentPatch
from gateway.admin.agent_shapes import agent_out
from gateway.admin.changing import Changing
from gateway.admin.paging import Cursor, IfMatch, Limit, expected, listed, set_etag
from gateway.admin.schemas import Page
from gateway.admin.services import Services, services_of
from gateway.stores.users import User

router = APIRouter(prefix="/api/admin/agents", tags=["agents"])
S = Annotated[Services, Depends(services_of)]
Actor = Annotated[User, Depends(access("agents"))]


@router.get("")
def list_agents(
    services: S,
    _actor: Actor,
    q: Annotated[str | None, Query(max_length=128, description="Part of the id or name, any case")] = None,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> Page[AgentOut]:
    """Agents by id: those that were made here. What dialogs may name, the built-in ones too, says `/api/v1/agents`."""
    needle = (q or "").lower()
    rows, following, total = listed(
        services.editors.agents.page,
        lambda row: needle in row.value.id.lower() or needle in row.value.name.lower(),
        cursor,
        limit,
    )
    return Page(items=[agent_out(row) for row in rows], next_cursor=following, total=total)


@router.post("", status_code=201)
def create_agent(body: AgentIn, response: Response, services: Changing, actor: Actor) -> AgentOut:
    """Add an agent. With the id of a built-in one (`default`, `code_assistant`, `creative_writer`) it takes that one's place."""
    row = services.editors.agents.create(body, actor.id)
    set_etag(response, row.version)
    return agent_out(row)


@router.get("/{id}")
def get_agent(id: str, response: Response, services: S, _actor: Actor) -> AgentOut:  # noqa: A002
    """One agent."""
    row = services.editors.agents.get(id)
    set_etag(response, row.version)
    return agent_out(row)


@router.patch("/{id}")
def update_agent(
    id: str,  # noqa: A002
    body: AgentPatch,
    response: Response,
    services: Changing,
    actor: Actor,
    if_match: IfMatch = None,
) -> AgentOut:
    """Change an agent: dialogs that name it follow with their next message."""
    row = services.editors.agents.update(id, body, expected(if_match), actor.id)
    set_etag(response, row.version)
    return agent_out(row)


@router.delete("/{id}", status_code=204)
def delete_agent(id: str, services: Changing, actor: Actor, if_match: IfMatch = None) -> Response:  # noqa: A002
    """Remove an agent. Dialogs that name it go on without it, and say so (`agent_missing`)."""
    services.editors.agents.delete(id, expected(if_match), actor.id)
    return Response(status_code=204)
