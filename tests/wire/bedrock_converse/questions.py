"""Requests in the neutral form, and what Converse should make of each: `fixtures/bedrock_converse/<case>.request.json` and the losses here."""

from __future__ import annotations

from dataclasses import dataclass, field

from gateway.neutral.blocks import CacheMark, Media, Refusal, Signature, Text, Thinking, ToolCall, ToolResult
from gateway.neutral.request import HostedTool, Message, Reasoning, Request, ResponseFormat, Tool, ToolChoice
from gateway.wire.codec import Upstream

CLAUDE = frozenset({"claude", "cache_points", "cache_1h"})
NOVA = frozenset({"nova", "cache_points"})
BUDGET = frozenset({"reasoning", "tools", "vision", "prompt_caching", "json_schema", "thinking_budget"})
ADAPTIVE = frozenset(
    {"reasoning", "tools", "prompt_caching", "json_schema", "adaptive_thinking", "effort", "effort_max", "no_sampling"}
)
PNG = "iVBORw0KGgoAAAANSUhEUgAA"
PDF = "JVBERi0xLjcK"
WEATHER = {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]}
CLOSED = {"type": "object", "properties": {}, "additionalProperties": False}
TOOL = Tool("get_weather", "The weather of a city.", WEATHER, at="tools[0]")


@dataclass(frozen=True)
class Question:
    request: Request
    upstream: Upstream = field(default_factory=lambda: Upstream("meta.llama3-70b-v1:0"))
    losses: tuple[str, ...] = ()


def user(*blocks: str | Media | ToolResult | Text, at: str = "messages[0]") -> Message:
    made = tuple(Text(block) if isinstance(block, str) else block for block in blocks)
    return Message("user", made, at=at)


def ask(*messages: Message, dialect: str = "openai_chat", **knobs: object) -> Request:
    return Request(dialect, "m", messages or (user("Hi"),), **knobs)  # type: ignore[arg-type]


def claude(*words: str, capabilities: frozenset[str] | None = BUDGET) -> Upstream:
    return Upstream("anthropic.claude-x", capabilities=capabilities, traits=CLAUDE | set(words))


CALL = Message("assistant", (Text("I look."), ToolCall("call_1", "get_weather", '{"city":"Rome"}', at="messages[1].tool_calls[0]")))  # fmt: skip
RESULT = user(ToolResult("call_1", (Text("sunny"),)), at="messages[2]")
OWN_THOUGHT = Thinking("Hm.", Signature("bedrock_converse", "c2ln"))
THOUGHT_CALL = Message("assistant", (OWN_THOUGHT, *CALL.blocks))

CASES: dict[str, Question] = {
    "plain": Question(
        ask(
            Message("system", (Text("Be brief."),)),
            user("Hi"),
            max_output_tokens=100,
            temperature=0.5,
            top_p=0.9,
            stop=("END", ""),
            metadata={"team": "a-1"},
            service_tier="flex",
        )
    ),
    "alternating": Question(
        ask(
            Message("developer", (Text("One."), Text(""))),
            user("a"),
            user("b", "  \n", at="messages[2]"),
            Message("assistant", (Text("c"), Refusal("No.", at="messages[3].refusal"))),
            Message("assistant", (Text(""),)),
            Message("system", (Text("Two."),), at="messages[5]"),
            user("d"),
        ),
        losses=(
            ": dropped: blank texts are refused there",
            "messages[3].refusal: approximated: refusals are plain text there",
            "messages[5]: approximated: instructions stand before all messages there",
        ),
    ),
    "media": Question(
        ask(
            user(
                "See",
                Media("image", "image/png", data=PNG, at="m[1]", detail="high"),
                Media("image", data=PNG),
                Media("image", "image/jpeg", url="s3://bucket/a.jpg"),
                Media("document", "application/pdf", data=PDF, name="Q3 report_(final).v2.pdf"),
                Media("document", "application/pdf", data=PDF, name="Q3 report (final) v2.pdf"),
                Media("document", "text/plain", text="Grüße", name=None),
                Media("document", None, data=PDF, name="table.xlsx"),
                Media("video", "video/mp4", data=PDF),
                Media("audio", "audio/wav", data=PDF),
            )
        ),
        losses=("m[1].detail: dropped: pictures have no level of detail there",),
    ),
    "document_alone": Question(
        ask(user(Media("document", "application/pdf", data=PDF))),
        losses=("messages: defaulted: a document needs a text beside it",),
    ),
    "tool_turn": Question(
        ask(
            user("Weather?"),
            THOUGHT_CALL,
            user(
                ToolResult("call_1", (Text("sunny"), Media("image", "image/png", data=PNG)), is_error=False),
                "And?",
                at="messages[2]",
            ),
            tools=(TOOL,),
            tool_choice=ToolChoice("auto"),
            max_output_tokens=4096,
            reasoning=Reasoning(enabled=True, budget=2048),
        ),
        claude(),
    ),
    "strange_ids": Question(
        ask(
            user("Go"),
            Message("assistant", (ToolCall("call|1 é", "get_weather", ""), ToolCall("b" * 70, "get_weather", "{}"))),
            user(ToolResult("call|1 é", ()), ToolResult("b" * 70, (), is_error=True, at="messages[2].content[1]")),
            tools=(TOOL,),
        ),
        losses=("messages[2].content[1]: defaulted: an error without a text is refused there",),
    ),
    "tools_forgotten": Question(
        ask(user("Weather?"), CALL, RESULT),
        losses=(
            "tools: defaulted: messages with tool calls need the tools declared",
            "tool_choice: approximated: the model may call tools that the messages speak of",
        ),
    ),
    "tools_none": Question(
        ask(user("Weather?"), CALL, RESULT, tools=(TOOL,), tool_choice=ToolChoice("none")), claude()
    ),
    "tools_none_unspoken": Question(ask(tools=(TOOL,), tool_choice=ToolChoice("none"))),
    "tool_named": Question(ask(tools=(TOOL, Tool("other")), tool_choice=ToolChoice("named", ("other",)))),
    "tools_allowed": Question(
        ask(
            tools=(TOOL, Tool("b", schema={"type": "object"}), Tool("c", strict=True, at="tools[2]")),
            tool_choice=ToolChoice("named", ("get_weather", "c"), allowed_only=True),
        ),
        losses=(
            "tools[2].parameters: approximated: rules that the provider cannot enforce are told to the model instead",
        ),
    ),
    "one_call_at_a_time": Question(ask(tools=(TOOL,), parallel_tools=False, tool_choice=ToolChoice("auto")), claude()),
    "custom_and_hosted": Question(
        ask(
            tools=(
                TOOL,
                Tool(
                    "patch", "Apply.", custom=True, format={"type": "grammar", "definition": "start: x"}, at="tools[1]"
                ),
                HostedTool("openai_responses", "web_search", {"type": "web_search"}, at="tools[2]"),
            ),
            tool_choice=ToolChoice("required"),
            parallel_tools=False,
        ),
        losses=(
            "tools[2]: dropped: this tool runs at another provider",
            "tools[1]: approximated: a tool for free text takes an object there",
            "parallel_tools: dropped: several calls at a time cannot be forbidden there",
        ),
    ),
    "cache_points": Question(
        ask(
            Message("system", (Text("Long.", cache=CacheMark("1h")),)),
            user("a", Text("b", cache=CacheMark())),
            Message("assistant", CALL.blocks),
            user(ToolResult("call_1", (Text("sunny", cache=CacheMark("5m")),))),
            tools=(Tool("get_weather", schema=WEATHER, cache=CacheMark("1h")),),
            dialect="anthropic_messages",
        ),
        claude(),
    ),
    "cache_points_nova": Question(
        ask(
            Message("system", (Text("Long.", cache=CacheMark("1h")),)),
            user(Text("a", cache=CacheMark())),
            top_k=20,
            reasoning=Reasoning(effort="xhigh"),
        ),
        Upstream("amazon.nova-2-lite-v1:0", traits=NOVA),
        losses=(
            "cache_control: approximated: cached for five minutes",
            "reasoning: approximated: this effort is not known there",
        ),
    ),
    "cache_marks_dropped": Question(
        ask(user(Text("a", cache=CacheMark()), Text("b", cache=CacheMark()))),
        losses=("cache_control: dropped: this model takes no cache points",),
    ),
    "thinking_by_effort": Question(
        ask(
            max_output_tokens=5000,
            reasoning=Reasoning(effort="medium"),
            temperature=0.2,
            top_k=5,
        ),
        claude(),
        losses=(
            "reasoning: approximated: an effort became a number of tokens",
            "reasoning: approximated: thinking takes at least 1024 tokens, and less than the answer's limit",
            "top_k: dropped: it cannot be set while the model thinks",
            "temperature: dropped: it cannot be set while the model thinks",
        ),
    ),
    "thinking_adaptive": Question(
        ask(reasoning=Reasoning(enabled=True, adaptive=True, effort="xhigh", visible=False), temperature=0.2, top_k=3),
        claude(capabilities=ADAPTIVE),
        losses=(
            "reasoning: approximated: this effort is not known there",
            "top_k: dropped: this model takes no sampling knobs",
            "temperature: dropped: this model takes no sampling knobs",
        ),
    ),
    "thinking_without_thoughts": Question(
        ask(
            user("Weather?"),
            Message(
                "assistant",
                (
                    Thinking("Hm.", Signature("gemini", "eA=="), at="messages[1].content[0]"),
                    Thinking("Also.", at="messages[1].content[1]"),
                    *CALL.blocks,
                ),
            ),
            RESULT,
            tools=(TOOL,),
            reasoning=Reasoning(enabled=True, budget=2000),
        ),
        claude(),
        losses=(
            "messages[1].content[0]: dropped: thoughts go back to the vendor that signed them only",
            "messages[1].content[1]: dropped: thoughts go back to the vendor that signed them only",
            "reasoning: dropped: the calls being answered were made without thoughts of this model",
        ),
    ),
    "thinking_off": Question(ask(reasoning=Reasoning(effort="none")), claude()),
    "withheld_thoughts": Question(
        ask(
            user("a"),
            Message(
                "assistant",
                (
                    Thinking("", Signature("anthropic_messages", "AAEC"), redacted=True),
                    Thinking(
                        "", Signature("bedrock_converse", "not base64"), redacted=True, at="messages[1].content[1]"
                    ),
                    Thinking("", Signature("bedrock_converse", "c2ln")),
                    Text("b"),
                ),
            ),
            user("c"),
        ),
        losses=("messages[1].content[1]: dropped: withheld thoughts are base64 there",),
    ),
    "open_model_effort": Question(
        ask(reasoning=Reasoning(effort="minimal", summary="auto")),
        Upstream("openai.gpt-oss-120b-1:0", traits=frozenset({"reasoning_effort"})),
        losses=("reasoning: approximated: this effort is not known there",),
    ),
    "schema": Question(
        ask(
            format=ResponseFormat("json_schema", CLOSED, "answer", "An answer.", strict=True),
            reasoning=Reasoning(enabled=True, adaptive=True, effort="max"),
        ),
        claude(capabilities=ADAPTIVE),
    ),
    "stop_sequence_asked": Question(
        ask(stop=("two",), temperature=0.1, top_p=0.5, max_output_tokens=64_000),
        Upstream("anthropic.claude-x", max_output_tokens=32_000, capabilities=BUDGET, traits=CLAUDE),
        losses=(
            "max_output_tokens: approximated: the model's own limit is lower",
            "top_p: dropped: this model takes a temperature or this, not both",
        ),
    ),
    "knobs": Question(
        ask(
            Message(
                "user",
                (Text("Hi", extras={"openai_chat": {"x": 1}}, at="messages[0].content"),),
                name="Bob",
                at="messages[0]",
            ),
            temperature=1.7,
            seed=1,
            frequency_penalty=0.5,
            presence_penalty=0.5,
            logit_bias={"1": 2.0},
            logprobs=True,
            top_logprobs=2,
            choices=1,
            verbosity="low",
            user="u",
            cache_key="k",
            store=True,
            service_tier="scale",
            top_k=4,
            reasoning=Reasoning(effort="low"),
            metadata={"ok": "yes", "bad": "{}", "long": "x" * 300},
            extras={
                "openai_chat": {"prediction": {}},
                "bedrock_converse": {"performanceConfig": {"latency": "optimized"}, "odd": 1},
            },
        ),
        losses=(
            "prediction: dropped: known to the client's dialect alone",
            "messages[0].name: dropped: participants have no names there",
            "messages[0].content.x: dropped: known to the client's dialect alone",
            "reasoning: dropped: how this model is told to think is not known",
            "top_k: dropped: this model's name for it is not known",
            "temperature: approximated: 1 is the highest there",
            "metadata: dropped: up to 16 plain texts of 256 characters fit there",
            "service_tier: dropped: this tier is not known there",
            "odd: dropped: it is no member there",
            "seed: dropped: there is no member for it there",
            "frequency_penalty: dropped: there is no member for it there",
            "presence_penalty: dropped: there is no member for it there",
            "logit_bias: dropped: there is no member for it there",
            "verbosity: dropped: there is no member for it there",
            "user: dropped: there is no member for it there",
            "cache_key: dropped: there is no member for it there",
            "logprobs: dropped: there are no log probabilities there",
            "store: dropped: answers are not kept there",
        ),
    ),
}
