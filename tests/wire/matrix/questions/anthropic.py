"""What clients of Anthropic Messages ask. https://platform.claude.com/docs/en/api/messages"""

from __future__ import annotations

from typing import Any

import orjson
from tests.wire.matrix.questions.pieces import (
    ARGUMENTS,
    IMAGE,
    PDF,
    SCHEMA,
    SIGNATURE,
    STRICT_SCHEMA,
    UNICODE,
)

USER = {"role": "user", "content": "Hello."}
TOOL = {"name": "get_weather", "description": "Weather.", "input_schema": SCHEMA}
OTHER = {"name": "get_time", "description": "Time.", "input_schema": {"type": "object", "properties": {}}}
WEB_SEARCH = {"type": "web_search_20250305", "name": "web_search", "max_uses": 2}
MARK = {"cache_control": {"type": "ephemeral"}}
PICTURE = {"type": "image", "source": {"type": "base64", "media_type": "image/png", "data": IMAGE}}
DOCUMENT = {"type": "document", "source": {"type": "base64", "media_type": "application/pdf", "data": PDF}}


def ask(*messages: dict[str, Any], **members: Any) -> dict[str, Any]:
    return {"model": "m", "max_tokens": 4096, "messages": list(messages) or [USER], **members}


def text(words: str, **members: Any) -> dict[str, Any]:
    return {"type": "text", "text": words, **members}


def user(*content: dict[str, Any]) -> dict[str, Any]:
    return {"role": "user", "content": list(content)}


def assistant(*content: dict[str, Any]) -> dict[str, Any]:
    return {"role": "assistant", "content": list(content)}


def use(name: str, call_id: str, arguments: str = ARGUMENTS) -> dict[str, Any]:
    return {"type": "tool_use", "id": call_id, "name": name, "input": orjson.loads(arguments)}


def result(call_id: str, content: Any = "21 °C", **members: Any) -> dict[str, Any]:
    return {"type": "tool_result", "tool_use_id": call_id, "content": content, **members}


THOUGHT = {"type": "thinking", "thinking": "They greet me.", "signature": SIGNATURE}
THINKING = {"type": "enabled", "budget_tokens": 2048}

CASES: dict[str, dict[str, Any]] = {
    "text": ask(),
    "system": ask(system="Be brief."),
    "system_order": ask(system=[text("One."), text("Two.", **MARK)]),
    "system_between": ask(USER, assistant(text("Hi.")), USER, {"role": "system", "content": "Now be brief."}),
    "multi_turn": ask(USER, assistant(text("Hi.")), USER, USER),
    "prefill": ask(USER, {"role": "assistant", "content": "Once upon"}),
    "tools": ask(tools=[TOOL, OTHER]),
    "strict_tool": ask(tools=[{**TOOL, "strict": True}]),
    "choice_auto": ask(tools=[TOOL], tool_choice={"type": "auto"}),
    "choice_none": ask(tools=[TOOL], tool_choice={"type": "none"}),
    "choice_required": ask(tools=[TOOL, OTHER], tool_choice={"type": "any"}),
    "choice_named": ask(tools=[TOOL, OTHER], tool_choice={"type": "tool", "name": "get_weather"}),
    "one_call_at_a_time": ask(tools=[TOOL], tool_choice={"type": "auto", "disable_parallel_tool_use": True}),
    "parallel_calls": ask(
        USER,
        assistant(text("Let me look."), use("get_weather", "toolu_1"), use("get_time", "toolu_2", "{}")),
        user(result("toolu_1"), result("toolu_2", "noon")),
        tools=[TOOL, OTHER],
    ),
    "result_list": ask(
        USER, assistant(use("get_weather", "toolu_1")), user(result("toolu_1", [text("21"), text("°C")])), tools=[TOOL]
    ),
    "result_empty": ask(
        USER,
        assistant(use("get_weather", "toolu_1")),
        user({"type": "tool_result", "tool_use_id": "toolu_1"}),
        tools=[TOOL],
    ),
    "result_with_image": ask(
        USER,
        assistant(use("get_weather", "toolu_1")),
        user(result("toolu_1", [text("A map:"), PICTURE])),
        tools=[TOOL],
    ),
    "result_error": ask(
        USER, assistant(use("get_weather", "toolu_1")), user(result("toolu_1", "No such place.", is_error=True)),
        tools=[TOOL],
    ),
    "result_beside_text": ask(
        USER, assistant(use("get_weather", "toolu_1")), user(result("toolu_1"), text("And tomorrow?")), tools=[TOOL]
    ),
    "long_ids": ask(
        USER, assistant(use("get_weather", "toolu_" + "a1-b2_" * 12)), user(result("toolu_" + "a1-b2_" * 12)),
        tools=[TOOL],
    ),
    "vision_base64": ask(user(text("What is this?"), PICTURE)),
    "vision_url": ask(user(PICTURE | {"source": {"type": "url", "url": "https://example.com/a.png"}})),
    "pdf": ask(user(DOCUMENT | {"title": "a.pdf"}, text("What is this?"))),
    "pdf_url": ask(user(DOCUMENT | {"source": {"type": "url", "url": "https://example.com/a.pdf"}}, text("Well?"))),
    "plain_document": ask(
        user(DOCUMENT | {"source": {"type": "text", "media_type": "text/plain", "data": "Dear all"}}, text("Well?"))
    ),
    "citations": ask(user(DOCUMENT | {"citations": {"enabled": True}}, text("Well?"))),
    "file_id": ask(user(PICTURE | {"source": {"type": "file", "file_id": "file_abc"}}, text("Well?"))),
    "json_schema": ask(output_config={"format": {"type": "json_schema", "schema": STRICT_SCHEMA}}),
    "effort": ask(output_config={"effort": "low"}),
    "budget": ask(thinking=THINKING),
    "adaptive": ask(thinking={"type": "adaptive"}),
    "effort_none": ask(thinking={"type": "disabled"}),
    "thinking_back": ask(
        USER,
        assistant(THOUGHT, use("get_weather", "toolu_1")),
        user(result("toolu_1")),
        tools=[TOOL],
        thinking=THINKING,
    ),
    "redacted_back": ask(
        USER, assistant({"type": "redacted_thinking", "data": SIGNATURE}, text("Hi.")), USER, thinking=THINKING
    ),
    "cache_marks": ask(
        user(text("A long text.", **MARK), text("And?", cache_control={"type": "ephemeral", "ttl": "1h"})),
        system=[text("Be brief.", **MARK)],
        tools=[{**TOOL, **MARK}],
    ),
    "stop": ask(stop_sequences=["END", "\n\n"]),
    "sampling": ask(temperature=0.7, top_k=40),
    "unknown_field": ask(brand_new={"a": 1}, context_management={"edits": []}),
    "service": ask(metadata={"user_id": "user-1"}, service_tier="standard_only"),
    "hosted_beside_tools": ask(tools=[WEB_SEARCH, TOOL]),
    "hosted_alone": ask(tools=[WEB_SEARCH]),
    "hosted_named": ask(tools=[WEB_SEARCH, TOOL], tool_choice={"type": "tool", "name": "web_search"}),
    "hosted_before": ask(
        USER,
        assistant(
            {"type": "server_tool_use", "id": "srvtoolu_1", "name": "web_search", "input": {"query": "a"}},
            {"type": "web_search_tool_result", "tool_use_id": "srvtoolu_1", "content": []},
            text("Nothing."),
        ),
        USER,
    ),
    "empty_content": ask({"role": "user", "content": ""}),
    "unicode": ask({"role": "user", "content": UNICODE}),
    "stream": ask(stream=True),
}  # fmt: skip
