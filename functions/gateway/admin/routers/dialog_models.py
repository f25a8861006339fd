"""What dialogs can be held with: agents and models, as far as the client may use them."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Path

from gateway.admin.clients import Client, calling
from gateway.admin.dialog_schemas import DIALOG_ERRORS, AgentTypeOut, DialogModelOut
from gateway.admin.dialog_shapes import Offer, agent_type_out, model_out, models_out, offer
from gateway.admin.errors import Missing
from gateway.admin.services import Services, services_of

router = APIRouter(prefix="/api/v1", tags=["dialogs"], responses=DIALOG_ERRORS)
Caller = Annotated[Client, Depends(calling("dialogs"))]


def offered(services: Annotated[Services, Depends(services_of)], client: Caller) -> Offer:
    """What the client may use of the release in force."""
    return offer(services.in_force.index(), client.identity.narrowed)


Offered = Annotated[Offer, Depends(offered)]


@router.get("/agents")
def list_agent_types(told: Offered) -> list[AgentTypeOut]:
    """The agents that a dialog may name, the built-in ones first."""
    return [agent_type_out(agent) for agent in told.agents.values()]


@router.get("/models")
def list_dialog_models(told: Offered) -> list[DialogModelOut]:
    """The models that you may use: routes first, then models, those that are switched off among them (`enabled`)."""
    return models_out(told)


@router.get("/models/{name:path}")
def get_dialog_model(
    name: Annotated[str, Path(description="What clients send as `model_name`")], told: Offered
) -> DialogModelOut:
    """One model; 404 when there is none of this name for you."""
    found = model_out(told, name)
    if found is None:
        raise Missing("There is no such model.")
    return found
