"""Bodies of the agents that an administrator makes for dialogs."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from gateway.admin.dialog_schemas import Fraction, Most, Penalty, Prompt, Stops, Text
from gateway.admin.fields import Id, Name, ProviderId, Reply, Strict

Description = Annotated[str, Field(max_length=1000), Text]


class AgentIn(Strict):
    """A new agent: what dialogs that name it say where they say nothing themselves. With the id of a built-in one it takes that one's place."""

    id: ProviderId
    name: Name | None = None
    description: Description = ""
    system_prompt: Prompt | None = None
    model: Id | None = None
    temperature: Fraction | None = None
    top_p: Fraction | None = None
    presence_penalty: Penalty | None = None
    frequency_penalty: Penalty | None = None
    max_tokens: Most | None = None
    stop_sequences: Stops | None = None


class AgentPatch(Strict):
    """Changes to an agent; absent fields stay, null clears where the reply may be null."""

    name: Name | None = None
    description: Description | None = None
    system_prompt: Prompt | None = None
    model: Id | None = None
    temperature: Fraction | None = None
    top_p: Fraction | None = None
    presence_penalty: Penalty | None = None
    frequency_penalty: Penalty | None = None
    max_tokens: Most | None = None
    stop_sequences: Stops | None = None


class AgentOut(Reply):
    """An agent. `built_in`: it stands in the place of a built-in one, which is back when it is deleted."""

    id: str
    name: str
    description: str
    system_prompt: str | None
    model: str | None
    temperature: float | None
    top_p: float | None
    presence_penalty: float | None
    frequency_penalty: float | None
    max_tokens: int | None
    stop_sequences: list[str] | None
    built_in: bool
    version: int
    updated_at: int
