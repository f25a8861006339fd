"""What clients of Chat Completions ask. https://platform.openai.com/docs/api-reference/chat/create"""

from __future__ import annotations

from typing import Any

from tests.wire.matrix.questions.pieces import ARGUMENTS, IMAGE, LONG_ID, PDF, SCHEMA, STRICT_SCHEMA, UNICODE

USER = {"role": "user", "content": "Hello."}
TOOL = {"type": "function", "function": {"name": "get_weather", "description": "Weather.", "parameters": SCHEMA}}
OTHER = {"type": "function", "function": {"name": "get_time", "description": "Time."}}
CUSTOM = {
    "type": "custom",
    "custom": {
        "name": "run_sql",
        "description": "Runs SQL.",
        "format": {"type": "grammar", "grammar": {"syntax": "lark", "definition": 'start: "SELECT"'}},
    },
}
WEB_SEARCH = {"type": "web_search_preview"}


def ask(*messages: dict[str, Any], **members: Any) -> dict[str, Any]:
    return {"model": "m", "messages": list(messages) or [USER], **members}


def parts(*parts: dict[str, Any]) -> dict[str, Any]:
    return {"role": "user", "content": [{"type": "text", "text": "What is this?"}, *parts]}


def call(name: str, call_id: str, arguments: str = ARGUMENTS) -> dict[str, Any]:
    return {"id": call_id, "type": "function", "function": {"name": name, "arguments": arguments}}


def calls(*calls: dict[str, Any], content: Any = None) -> dict[str, Any]:
    return {"role": "assistant", "content": content, "tool_calls": list(calls)}


def result(call_id: str, content: Any = "21 °C") -> dict[str, Any]:
    return {"role": "tool", "tool_call_id": call_id, "content": content}


def assistant(content: Any, **members: Any) -> dict[str, Any]:
    return {"role": "assistant", "content": content, **members}


def system(text: str, role: str = "system") -> dict[str, Any]:
    return {"role": role, "content": text}


CASES: dict[str, dict[str, Any]] = {
    "text": ask(max_completion_tokens=100),
    "text_without_limit": ask(),
    "system": ask(system("Be brief."), USER),
    "system_order": ask(
        system("One."), system("Two.", "developer"), USER, assistant("Hi."), system("Three."), USER, max_tokens=9
    ),
    "multi_turn": ask(USER, assistant("Hi."), USER, USER, assistant("Well."), USER),
    "prefill": ask(USER, assistant("Once upon")),
    "tools": ask(tools=[TOOL, OTHER]),
    "strict_tool": ask(tools=[{"type": "function", "function": {**TOOL["function"], "strict": True}}]),  # type: ignore[dict-item]
    "choice_auto": ask(tools=[TOOL], tool_choice="auto"),
    "choice_none": ask(tools=[TOOL], tool_choice="none"),
    "choice_required": ask(tools=[TOOL, OTHER], tool_choice="required"),
    "choice_named": ask(
        tools=[TOOL, OTHER], tool_choice={"type": "function", "function": {"name": "get_weather"}}
    ),
    "choice_allowed": ask(
        tools=[TOOL, OTHER],
        tool_choice={
            "type": "allowed_tools",
            "allowed_tools": {"mode": "auto", "tools": [{"type": "function", "function": {"name": "get_time"}}]},
        },
    ),
    "one_call_at_a_time": ask(tools=[TOOL], parallel_tool_calls=False),
    "parallel_calls": ask(
        USER, calls(call("get_weather", "call_1"), call("get_time", "call_2", "{}"), content="Let me look."),
        result("call_1"), result("call_2", "noon"), tools=[TOOL, OTHER],
    ),
    "result_list": ask(
        USER, calls(call("get_weather", "call_1")), result("call_1", [{"type": "text", "text": "21"}]), tools=[TOOL]
    ),
    "result_empty": ask(USER, calls(call("get_weather", "call_1")), result("call_1", ""), tools=[TOOL]),
    "bad_arguments": ask(USER, calls(call("get_weather", "call_1", '{"place":')), result("call_1"), tools=[TOOL]),
    "no_arguments": ask(USER, calls(call("get_time", "call_1", "")), result("call_1"), tools=[OTHER]),
    "long_ids": ask(USER, calls(call("get_weather", LONG_ID)), result(LONG_ID), tools=[TOOL]),
    "vision_base64": ask(parts({"type": "image_url", "image_url": {"url": f"data:image/png;base64,{IMAGE}"}})),
    "vision_url": ask(
        parts({"type": "image_url", "image_url": {"url": "https://example.com/a.png", "detail": "low"}})
    ),
    "pdf": ask(
        parts({"type": "file", "file": {"filename": "a.pdf", "file_data": f"data:application/pdf;base64,{PDF}"}})
    ),
    "file_id": ask(parts({"type": "file", "file": {"file_id": "file-abc"}})),
    "audio": ask(parts({"type": "input_audio", "input_audio": {"data": "UklGRg==", "format": "wav"}})),
    "json_schema": ask(
        response_format={
            "type": "json_schema",
            "json_schema": {"name": "weather", "schema": STRICT_SCHEMA, "strict": True},
        }
    ),
    "json_object": ask(system("Answer in JSON."), USER, response_format={"type": "json_object"}),
    "effort": ask(reasoning_effort="low"),
    "effort_minimal": ask(reasoning_effort="minimal"),
    "effort_none": ask(reasoning_effort="none"),
    "effort_beside_little_room": ask(reasoning_effort="high", max_completion_tokens=2000),
    "stop": ask(stop=["END", "\n\n"]),
    "stop_one": ask(stop="END"),
    "sampling": ask(temperature=1.5, top_p=0.9),
    "seed_penalties": ask(seed=7, frequency_penalty=0.5, presence_penalty=-0.5),
    "logit_bias": ask(logit_bias={"50256": -100}),
    "logprobs": ask(logprobs=True, top_logprobs=2),
    "two_choices": ask(n=2),
    "unknown_field": ask(brand_new={"a": 1}),
    "service": ask(
        user="user-1", metadata={"team": "a"}, service_tier="flex", store=True, prompt_cache_key="k",
        safety_identifier="s-1", verbosity="low",
    ),
    "hosted_beside_tools": ask(tools=[WEB_SEARCH, TOOL]),
    "hosted_alone": ask(tools=[WEB_SEARCH]),
    "web_search_options": ask(web_search_options={"search_context_size": "low"}),
    "custom_tool": ask(tools=[CUSTOM]),
    "custom_call": ask(
        USER,
        calls({"id": "call_1", "type": "custom", "custom": {"name": "run_sql", "input": "SELECT 1"}}),
        result("call_1", "1"),
        tools=[CUSTOM],
    ),
    "empty_content": ask({"role": "user", "content": ""}),
    "refused_before": ask(USER, assistant(None, refusal="I can't."), USER),
    "names": ask({"role": "user", "content": "Hi.", "name": "ann"}),
    "unicode": ask({"role": "user", "content": UNICODE}),
    "stream": ask(stream=True, stream_options={"include_usage": True}),
    "reasoning_back": ask(USER, assistant("Hi.", reasoning_content="They greet me."), USER),
}  # fmt: skip
