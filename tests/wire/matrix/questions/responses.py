"""What clients of Responses ask. https://platform.openai.com/docs/api-reference/responses/create"""

from __future__ import annotations

from typing import Any

from tests.wire.matrix.questions.pieces import ARGUMENTS, IMAGE, LONG_ID, PDF, SCHEMA, SIGNATURE, STRICT_SCHEMA, UNICODE

TOOL = {"type": "function", "name": "get_weather", "description": "Weather.", "parameters": SCHEMA, "strict": False}
OTHER = {"type": "function", "name": "get_time", "description": "Time.", "parameters": None, "strict": None}
CUSTOM = {
    "type": "custom",
    "name": "run_sql",
    "description": "Runs SQL.",
    "format": {"type": "grammar", "syntax": "lark", "definition": 'start: "SELECT"'},
}
GROUP = {"type": "namespace", "name": "files", "description": "Files.", "tools": [OTHER]}
WEB_SEARCH = {"type": "web_search"}


def ask(*items: Any, **members: Any) -> dict[str, Any]:
    return {"model": "m", "input": list(items) or "Hello.", **members}


def text(words: str) -> dict[str, Any]:
    return {"type": "input_text", "text": words}


def user(*content: dict[str, Any]) -> dict[str, Any]:
    return {"role": "user", "content": list(content) or "Hello."}


def said(words: str, **members: Any) -> dict[str, Any]:
    return {
        "type": "message",
        "role": "assistant",
        "id": "msg_1",
        "status": "completed",
        "content": [{"type": "output_text", "text": words, "annotations": [], **members}],
    }


def call(name: str, call_id: str, arguments: str = ARGUMENTS) -> dict[str, Any]:
    return {"type": "function_call", "call_id": call_id, "name": name, "arguments": arguments}


def result(call_id: str, output: Any = "21 °C") -> dict[str, Any]:
    return {"type": "function_call_output", "call_id": call_id, "output": output}


THOUGHT = {
    "type": "reasoning",
    "id": "rs_1",
    "summary": [{"type": "summary_text", "text": "They greet me."}],
    "encrypted_content": SIGNATURE,
}
PICTURE = {"type": "input_image", "image_url": f"data:image/png;base64,{IMAGE}", "detail": "auto"}

CASES: dict[str, dict[str, Any]] = {
    "text": ask(max_output_tokens=100),
    "text_without_limit": ask(store=False),
    "system": ask(instructions="Be brief."),
    "system_order": ask(
        {"role": "system", "content": "Two."},
        user(),
        said("Hi."),
        {"role": "developer", "content": [text("Three.")]},
        user(),
        instructions="One.",
    ),
    "multi_turn": ask(user(), said("Hi."), user(), user()),
    "tools": ask(tools=[TOOL, OTHER]),
    "strict_tool": ask(tools=[{**TOOL, "parameters": STRICT_SCHEMA, "strict": True}]),
    "choice_auto": ask(tools=[TOOL], tool_choice="auto"),
    "choice_none": ask(tools=[TOOL], tool_choice="none"),
    "choice_required": ask(tools=[TOOL, OTHER], tool_choice="required"),
    "choice_named": ask(tools=[TOOL, OTHER], tool_choice={"type": "function", "name": "get_weather"}),
    "choice_allowed": ask(
        tools=[TOOL, OTHER],
        tool_choice={"type": "allowed_tools", "mode": "auto", "tools": [{"type": "function", "name": "get_time"}]},
    ),
    "one_call_at_a_time": ask(tools=[TOOL], parallel_tool_calls=False),
    "parallel_calls": ask(
        user(),
        said("Let me look."),
        call("get_weather", "call_1"),
        call("get_time", "call_2", "{}"),
        result("call_1"),
        result("call_2", "noon"),
        tools=[TOOL, OTHER],
    ),
    "result_list": ask(user(), call("get_weather", "call_1"), result("call_1", [text("21")]), tools=[TOOL]),
    "result_with_image": ask(
        user(), call("get_weather", "call_1"), result("call_1", [text("A map:"), PICTURE]), tools=[TOOL]
    ),
    "bad_arguments": ask(user(), call("get_weather", "call_1", '{"place":'), result("call_1"), tools=[TOOL]),
    "long_ids": ask(user(), call("get_weather", LONG_ID), result(LONG_ID), tools=[TOOL]),
    "vision_base64": ask(user(text("What is this?"), PICTURE)),
    "vision_url": ask(user(text("What?"), {**PICTURE, "image_url": "https://example.com/a.png", "detail": "low"})),
    "pdf": ask(
        user(
            text("What is this?"),
            {"type": "input_file", "filename": "a.pdf", "file_data": f"data:application/pdf;base64,{PDF}"},
        )
    ),
    "pdf_url": ask(user(text("Well?"), {"type": "input_file", "file_url": "https://example.com/a.pdf"})),
    "file_id": ask(user(text("Well?"), {"type": "input_file", "file_id": "file-abc"})),
    "json_schema": ask(
        text={"format": {"type": "json_schema", "name": "weather", "schema": STRICT_SCHEMA, "strict": True}}
    ),
    "json_object": ask(instructions="Answer in JSON.", text={"format": {"type": "json_object"}}),
    "effort": ask(reasoning={"effort": "low", "summary": "auto"}),
    "effort_none": ask(reasoning={"effort": "none"}),
    "thinking_back": ask(
        user(),
        THOUGHT,
        call("get_weather", "call_1"),
        result("call_1"),
        tools=[TOOL],
        store=False,
        include=["reasoning.encrypted_content"],
    ),
    "sampling": ask(temperature=1.5, top_p=0.9),
    "logprobs": ask(top_logprobs=2, include=["message.output_text.logprobs"]),
    "unknown_field": ask(brand_new={"a": 1}),
    "service": ask(
        user="user-1",
        metadata={"team": "a"},
        service_tier="flex",
        prompt_cache_key="k",
        safety_identifier="s-1",
        text={"verbosity": "low"},
        store=False,
    ),
    "stored": ask(store=True),
    "previous_response": ask(previous_response_id="resp_1"),
    "background": ask(background=True),
    "truncation": ask(truncation="auto"),
    "hosted_beside_tools": ask(tools=[WEB_SEARCH, TOOL]),
    "hosted_alone": ask(tools=[WEB_SEARCH]),
    "hosted_before": ask(
        user(),
        {
            "type": "web_search_call",
            "id": "ws_1",
            "status": "completed",
            "action": {"type": "search", "query": "a"},
        },
        said("Nothing."),
        user(),
    ),
    "group_of_tools": ask(tools=[GROUP, TOOL]),
    "custom_tool": ask(tools=[CUSTOM]),
    "custom_call": ask(
        user(),
        {"type": "custom_tool_call", "call_id": "call_1", "name": "run_sql", "input": "SELECT 1"},
        {"type": "custom_tool_call_output", "call_id": "call_1", "output": "1"},
        tools=[CUSTOM],
    ),
    "refused_before": ask(
        user(),
        {"type": "message", "role": "assistant", "content": [{"type": "refusal", "refusal": "I can't."}]},
        user(),
    ),
    "empty_content": ask({"role": "user", "content": ""}),
    "unicode": ask({"role": "user", "content": UNICODE}),
    "stream": ask(stream=True, stream_options={"include_obfuscation": False}),
}
