"""Bodies and replies under `/api/v1` that are a caller's own: dialogs, agents, models, tokens. Times are ISO 8601 in UTC."""

from __future__ import annotations

from typing import Annotated, Any, Final, Literal

from pydantic import AfterValidator, BaseModel, Field, SerializerFunctionWrapHandler, model_serializer

from gateway.admin.fields import Id, Reply, Strict
from gateway.neutral.dialogs import Role

MOST_TITLE: Final = 255
MOST_PROMPT: Final = 32_000
"""Bytes of a system prompt in UTF-8. A list reads them, so that they bound what it costs."""
MOST_STOPS: Final = 4


def _storable(value: str) -> str:
    """Text that can be kept: a lone surrogate is no character."""
    try:
        value.encode()
    except UnicodeEncodeError:
        raise ValueError("must be text that UTF-8 can write") from None
    return value


def _short(value: str) -> str:
    if len(value.encode()) > MOST_PROMPT:
        raise ValueError(f"must be at most {MOST_PROMPT} bytes of UTF-8")
    return value


Text = AfterValidator(_storable)
Title = Annotated[str, Field(max_length=MOST_TITLE), Text]
Prompt = Annotated[str, Field(max_length=MOST_PROMPT), Text, AfterValidator(_short)]
Fraction = Annotated[float, Field(ge=0, le=1)]
Penalty = Annotated[float, Field(ge=-2, le=2)]
Most = Annotated[int, Field(ge=1, le=1_000_000_000)]
Stops = Annotated[list[Annotated[str, Field(min_length=1, max_length=256), Text]], Field(max_length=MOST_STOPS)]


class DialogsErrorReply(BaseModel):
    """Every error under `/api/v1` has this shape. `code` is a stable word, `request_id` what to quote to support; `details.field` is the
    field that does not fit."""

    code: str
    message: str
    request_id: str
    details: dict[str, Any] | None = None


DIALOG_ERRORS: Final[dict[int | str, dict[str, Any]]] = {
    "default": {"model": DialogsErrorReply, "description": "Any error"}
}


class AgentConfigIO(Strict):
    """How a model is asked. What is left out (or null) is not said here: an agent's preset goes under a dialog's, that under a message's.
    `max_tokens` is at most the context window of the dialog's model."""

    temperature: Fraction | None = None
    top_p: Fraction | None = None
    presence_penalty: Penalty | None = None
    frequency_penalty: Penalty | None = None
    max_tokens: Most | None = None
    stop_sequences: Stops | None = None

    @model_serializer(mode="wrap")
    def _said(self, write: SerializerFunctionWrapHandler) -> dict[str, Any]:
        return {name: value for name, value in write(self).items() if value is not None}


class DialogIn(Strict):
    """A new dialog. Without a `model_name` its agent's model answers, else the first that the caller may use. `agent`: an id of `/api/v1/agents`."""

    title: Title | None = None
    system_prompt: Prompt | None = None
    model_name: Id | None = None
    agent: Id | None = None
    agent_config: AgentConfigIO | None = None


class DialogPatch(Strict):
    """Changes to a dialog; absent fields stay, null clears. `agent_config` is replaced as a whole."""

    title: Title | None = None
    system_prompt: Prompt | None = None
    model_name: Id | None = None
    agent: Id | None = None
    agent_config: AgentConfigIO | None = None


class DialogOut(Reply):
    """A dialog. `model_name` is the model that answers: the dialog's own, else its agent's, else the first that the caller may use; null = there
    is none. `agent_missing`: the agent it names is gone, and the default one stands in for it."""

    id: str
    user_id: str
    title: str | None
    system_prompt: str | None
    model_name: str | None
    agent: str | None
    agent_missing: bool
    agent_config: AgentConfigIO
    created_at: str
    updated_at: str
    message_count: int


class DialogPage(Reply):
    """One page of the caller's dialogs. `total` counts all that there are (that match `q`)."""

    items: list[DialogOut]
    total: int
    page: int
    page_size: int
    has_next: bool


class AgentTypeOut(Reply):
    """An agent that a dialog may name. `built_in`: every deployment has it, and this one did not change it."""

    id: str
    name: str
    description: str
    system_prompt: str | None
    model: str | None
    config: AgentConfigIO
    built_in: bool


class DialogModelOut(Reply):
    """A model that the caller may use. Costs are US dollars for 1,000 tokens; null = not known, as of a route that has several models."""

    name: str
    provider: str
    cost_per_1k_prompt_tokens: float | None
    cost_per_1k_completion_tokens: float | None
    context_window: int | None
    enabled: bool


class OwnTokensOut(Reply):
    """The caller's token balance. `pays`: messages are paid from it; where they are not, the other figures bind nobody. `held` is reserved by
    answers that are being written; `limit` is the most that may ever be used, null = no limit."""

    balance: int
    total_used: int
    limit: int | None
    held: int
    pays: bool


class TransactionOut(Reply):
    """One change of a balance; `amount` was added (negative: taken). `reason`: `llm_usage`, `admin_top_up` or `admin_deduct`. Of usage,
    `message_id` is the message that was paid for and `request_id` the request in the log; of an administrator's change, `message_id` is its id."""

    id: str
    user_id: str
    amount: int
    reason: str
    message_id: str | None
    request_id: str | None
    model: str | None
    admin_user_id: str | None
    created_at: str


class MessageCopy(Reply):
    """A message of an exported dialog. `error`, `model`, `tool_calls` and `tool_call_id` are there where the message has them."""

    role: Role
    content: str
    prompt_tokens: int | None = None
    completion_tokens: int | None = None
    created_at: str
    model: str | None = None
    error: dict[str, str] | None = None
    tool_calls: list[dict[str, Any]] | None = None
    tool_call_id: str | None = None


class DialogCopy(Reply):
    """An exported dialog, with its messages from the oldest on."""

    id: str
    title: str | None
    system_prompt: str | None
    model_name: str | None
    agent: str | None
    agent_config: AgentConfigIO
    created_at: str
    updated_at: str
    messages: list[MessageCopy]


class ExportOut(Reply):
    """The caller's dialogs. `next_cursor`: there are more than one answer holds; ask again with it. `errors` names the dialogs that are too large
    for any export."""

    version: str
    exported_at: str
    user_id: str
    dialog_count: int
    message_count: int
    dialogs: list[DialogCopy]
    errors: list[str]
    next_cursor: str | None


class DialogsImportIn(Strict):
    """Dialogs of an export, each judged by itself: `title`, `system_prompt`, `model_name`, `agent`, `agent_config`, `messages` (`role` and `content`,
    and what an export says of them). What an export has beside `dialogs` may be there, and is not looked at."""

    version: Literal["1.0"] = "1.0"
    dialogs: Annotated[list[Any], Field(max_length=1000)]
    exported_at: Annotated[str, Field(max_length=64)] | None = None
    user_id: Any = None
    dialog_count: int | None = None
    message_count: int | None = None
    errors: Annotated[list[Any], Field(max_length=1000)] | None = None
    next_cursor: Annotated[str, Field(max_length=512)] | None = None


class DialogsImportOut(Reply):
    """What became of an import. `errors` names each dialog that was left out, by its place in the list."""

    dialogs_imported: int
    messages_imported: int
    errors: list[str]
