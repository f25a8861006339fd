"""Dialogs, agents and models as replies, and what may be said of them, by the release in force and by what a client may use."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from gateway.admin.dialog_admin_schemas import OwnedDialogOut
from gateway.admin.dialog_schemas import AgentConfigIO, AgentTypeOut, DialogModelOut, DialogOut
from gateway.admin.errors import Invalid
from gateway.dialogs.config import agent_of
from gateway.neutral.config import Route, VirtualKey
from gateway.neutral.dialogs import PRESETS, Agent, AgentConfig, Dialog, agents, config_json, iso
from gateway.neutral.index import Index
from gateway.neutral.prices import released
from gateway.routing.names import Found, behind, default_model, direct, may_reach, may_use, talks, usable, visible

_LISTED: Final = 50
_PER_1K: Final = Fraction(1000, 10**12)  # pico-dollars per token to dollars per 1,000


@dataclass(frozen=True, slots=True)
class Offer:
    """What a client may use of a release. `default` is the model of a dialog that names none."""

    index: Index
    key: VirtualKey
    agents: dict[str, Agent]
    default: str | None

    def model_of(self, dialog: Dialog) -> str | None:
        """The model that answers in a dialog."""
        return dialog.model_name or agent_of(dialog, self.index.release.agents).model or self.default

    def holds(self, name: str) -> bool:
        """Whether the client can hold a dialog with a model."""
        return usable(self.index, self.key, name) and talks(self.index, name)

    def check(self, dialog: Dialog, kept: frozenset[str] = frozenset()) -> None:
        """Invalid when it names a model or an agent that is not there for this client, or asks for more tokens than its model's window.
        The fields `kept` were chosen before, and what they name may have gone since."""
        name, agent = dialog.model_name, dialog.agent
        if name is not None and "model_name" not in kept and not self.holds(name):
            raise self._unknown(
                "model", "model_name", name, [one for one in visible(self.index, self.key) if self.holds(one)]
            )
        if agent is not None and "agent" not in kept and agent not in self.agents:
            raise self._unknown("agent", "agent", agent, list(self.agents))
        window, most = self.window(self.model_of(dialog)), dialog.config.max_tokens
        if window is not None and most is not None and most > window:
            said = f"max_tokens must be at most {window}, the context window of {self.model_of(dialog)!r}."
            raise Invalid(said, field="agent_config.max_tokens")

    def _unknown(self, noun: str, field: str, name: str, names: list[str]) -> Invalid:
        shown = ", ".join(names[:_LISTED]) + (", …" if len(names) > _LISTED else "")
        told = f"Available: {shown}." if names else "None is available."
        return Invalid(f"There is no {noun} {name!r} here. {told}", field=field, details={"available": names[:_LISTED]})

    def window(self, name: str | None) -> int | None:
        """The context window of a model, of a route the largest behind it; None = not known."""
        found = behind(self.index, name) or () if name else ()
        windows = [one.model.context_window for one in found if one.model is not None and one.model.context_window]
        return max(windows, default=None)


def offer(index: Index, key: VirtualKey) -> Offer:
    """What a client may use."""
    return Offer(index, key, {one.id: one for one in agents(index.release.agents)}, default_model(index, key))


def config_io(config: AgentConfig) -> AgentConfigIO:
    """How a model is asked, as a body."""
    return AgentConfigIO.model_construct(**config_json(config))


def config_value(body: AgentConfigIO | None) -> AgentConfig:
    """The reverse; None = nothing is said."""
    if body is None:
        return AgentConfig()
    said = {name: getattr(body, name) for name in AgentConfigIO.model_fields}
    stops = said.pop("stop_sequences")
    return AgentConfig(**said, stop_sequences=None if stops is None else tuple(stops))


def dialog_out(dialog: Dialog, told: Offer) -> DialogOut:
    """A dialog's reply."""
    return DialogOut(
        id=dialog.id,
        user_id=dialog.owner,
        title=dialog.title,
        system_prompt=dialog.system_prompt,
        model_name=told.model_of(dialog),
        agent=dialog.agent,
        agent_missing=dialog.agent is not None and dialog.agent not in told.agents,
        agent_config=config_io(dialog.config),
        created_at=iso(dialog.created_at),
        updated_at=iso(dialog.updated_at),
        message_count=dialog.message_count,
    )


def agent_type_out(agent: Agent) -> AgentTypeOut:
    """An agent as those see it who may name it."""
    return AgentTypeOut(
        id=agent.id,
        name=agent.name,
        description=agent.description,
        system_prompt=agent.system_prompt,
        model=agent.model,
        config=config_io(agent.config),
        built_in=agent in PRESETS,
    )


def models_out(told: Offer) -> list[DialogModelOut]:
    """Every name of the release that talks and that the client may know, those that are switched off among them."""
    index, release = told.index, told.index.release
    names = [route.id for route in release.routes]
    names += [model.id for model in release.models if model.id not in index.routes]
    found = (model_out(told, name) for name in names)
    return [one for one in found if one is not None]


def model_out(told: Offer, name: str) -> DialogModelOut | None:
    """One name; None when it does not talk, or the client may not know it."""
    if not may_use(told.key, name):
        return None
    route = told.index.routes.get(name)
    return _listed(told, name) if route is None else _route_out(told, route)


def _route_out(told: Offer, route: Route) -> DialogModelOut | None:
    """What a route leads to differs, so that nothing is said of its costs."""
    reachable = any(may_reach(told.key, target.provider) for target in route.targets)
    return (
        _told(told, route.id, "gateway", None)
        if reachable and (talks(told.index, route.id) or not route.active)
        else None
    )


def _listed(told: Offer, name: str) -> DialogModelOut | None:
    """A model of the release; another one of a provider only where it can be used."""
    known = told.index.models.get(name)
    found = direct(told.index, name)
    if found is None or found.provider is None or not may_reach(told.key, found.provider.id):
        return None
    if not (talks(told.index, name) and (known is not None or told.holds(name))):
        return None
    return _told(told, name, found.provider.id, found)


def _told(told: Offer, name: str, provider: str, found: Found | None) -> DialogModelOut:
    price = None
    if found is not None and found.provider is not None:
        price = released(found.provider, found.upstream_model, found.model)
    return DialogModelOut(
        name=name,
        provider=provider,
        cost_per_1k_prompt_tokens=None if price is None else _per_1k(price[0].input),
        cost_per_1k_completion_tokens=None if price is None else _per_1k(price[0].output),
        context_window=told.window(name),
        enabled=told.holds(name),
    )


def _per_1k(pico: int | None) -> float | None:
    return None if pico is None else float(pico * _PER_1K)


def owned_out(dialog: Dialog) -> OwnedDialogOut:
    """A dialog as an administrator sees it."""
    return OwnedDialogOut(
        id=dialog.id,
        user_id=dialog.owner,
        title=dialog.title,
        model_name=dialog.model_name,
        agent=dialog.agent,
        created_at=iso(dialog.created_at),
        updated_at=iso(dialog.updated_at),
        message_count=dialog.message_count,
    )
