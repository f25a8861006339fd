"""What clients of Gemini ask. https://ai.google.dev/api/generate-content"""

from __future__ import annotations

from typing import Any

import orjson
from tests.wire.matrix.questions.pieces import ARGUMENTS, IMAGE, PDF, SCHEMA, SIGNATURE, STRICT_SCHEMA, UNICODE

PLACE = {"type": "OBJECT", "properties": {"place": {"type": "STRING", "nullable": True}}, "required": ["place"]}
TOOL = {"name": "get_weather", "description": "Weather.", "parameters": PLACE}
OTHER = {"name": "get_time", "description": "Time."}


def text(words: str, **members: Any) -> dict[str, Any]:
    return {"text": words, **members}


def user(*parts: dict[str, Any]) -> dict[str, Any]:
    return {"role": "user", "parts": list(parts)}


def model(*parts: dict[str, Any]) -> dict[str, Any]:
    return {"role": "model", "parts": list(parts)}


USER = user(text("Hello."))


def ask(*contents: dict[str, Any], **members: Any) -> dict[str, Any]:
    return {"contents": list(contents) or [USER], **members}


def tools(*functions: dict[str, Any]) -> list[dict[str, Any]]:
    return [{"functionDeclarations": list(functions)}]


def choice(mode: str, *names: str) -> dict[str, Any]:
    config = {"mode": mode, "allowedFunctionNames": list(names)} if names else {"mode": mode}
    return {"functionCallingConfig": config}


def config(**members: Any) -> dict[str, Any]:
    return ask(generationConfig=members)


def call(name: str, arguments: str = ARGUMENTS, **members: Any) -> dict[str, Any]:
    return {"functionCall": {"name": name, "args": orjson.loads(arguments)}, **members}


def result(name: str, response: Any = None, **members: Any) -> dict[str, Any]:
    return {"functionResponse": {"name": name, "response": response or {"result": "21 °C"}, **members}}


PICTURE = {"inlineData": {"mimeType": "image/png", "data": IMAGE}}

CASES: dict[str, dict[str, Any]] = {
    "text": ask(),
    "system": ask(systemInstruction={"parts": [text("Be brief.")]}),
    "system_order": ask(systemInstruction={"parts": [text("One."), text("Two.")]}),
    "multi_turn": ask(USER, model(text("Hi.")), USER, USER),
    "tools": ask(tools=tools(TOOL, OTHER)),
    "tool_by_json_schema": ask(tools=tools({"name": "get_weather", "parametersJsonSchema": SCHEMA})),
    "choice_auto": ask(tools=tools(TOOL), toolConfig=choice("AUTO")),
    "choice_none": ask(tools=tools(TOOL), toolConfig=choice("NONE")),
    "choice_required": ask(tools=tools(TOOL, OTHER), toolConfig=choice("ANY")),
    "choice_named": ask(tools=tools(TOOL, OTHER), toolConfig=choice("ANY", "get_weather")),
    "choice_two": ask(tools=tools(TOOL, OTHER, {"name": "third"}), toolConfig=choice("ANY", "get_weather", "get_time")),
    "choice_validated": ask(tools=tools(TOOL), toolConfig=choice("VALIDATED")),
    "parallel_calls": ask(
        USER,
        model(text("Let me look."), call("get_weather"), call("get_weather", '{"place":"Kraków"}')),
        user(result("get_weather"), result("get_weather", {"output": "19 °C"})),
        tools=tools(TOOL),
    ),
    "ids": ask(
        USER,
        model({"functionCall": {"id": "fc-1", "name": "get_weather", "args": {}}}),
        user(result("get_weather", id="fc-1")),
        tools=tools(TOOL),
    ),
    "result_error": ask(
        USER, model(call("get_weather")), user(result("get_weather", {"error": "No such place."})), tools=tools(TOOL)
    ),
    "result_with_image": ask(
        USER,
        model(call("get_weather")),
        user(result("get_weather", {"result": "A map:"}, parts=[PICTURE])),
        tools=tools(TOOL),
    ),
    "signed_call": ask(
        USER,
        model(call("get_weather", thoughtSignature=SIGNATURE)),
        user(result("get_weather")),
        tools=tools(TOOL),
    ),
    "thinking_back": ask(
        USER, model(text("They greet me.", thought=True), text("Hi.", thoughtSignature=SIGNATURE)), USER
    ),
    "vision_base64": ask(user(text("What is this?"), PICTURE)),
    "vision_url": ask(
        user(text("What?"), {"fileData": {"fileUri": "https://example.com/a.png", "mimeType": "image/png"}})
    ),
    "file_id": ask(
        user(
            text("What?"),
            {
                "fileData": {
                    "fileUri": "https://generativelanguage.googleapis.com/v1beta/files/abc",
                    "mimeType": "image/png",
                }
            },
        )
    ),
    "pdf": ask(user({"inlineData": {"mimeType": "application/pdf", "data": PDF}}, text("What is this?"))),
    "audio": ask(user({"inlineData": {"mimeType": "audio/wav", "data": "UklGRg=="}}, text("What is this?"))),
    "video": ask(user({"inlineData": {"mimeType": "video/mp4", "data": "AAAA"}}, text("What is this?"))),
    "json_schema": config(
        responseMimeType="application/json",
        responseSchema={"type": "OBJECT", "properties": {"warm": {"type": "BOOLEAN"}}, "required": ["warm"]},
    ),
    "json_schema_of_json_schema": config(responseMimeType="application/json", responseJsonSchema=STRICT_SCHEMA),
    "json_object": config(responseMimeType="application/json"),
    "effort": config(thinkingConfig={"thinkingLevel": "low"}),
    "budget": config(thinkingConfig={"thinkingBudget": 2048, "includeThoughts": True}),
    "adaptive": config(thinkingConfig={"thinkingBudget": -1}),
    "effort_none": config(thinkingConfig={"thinkingBudget": 0}),
    "stop": config(stopSequences=["END", "\n\n"]),
    "sampling": config(temperature=1.5, topP=0.9, topK=40),
    "limit": config(maxOutputTokens=100),
    "seed_penalties": config(seed=7, frequencyPenalty=0.5, presencePenalty=-0.5),
    "logprobs": config(responseLogprobs=True, logprobs=2),
    "two_choices": config(candidateCount=2),
    "safety_settings": ask(safetySettings=[{"category": "HARM_CATEGORY_HARASSMENT", "threshold": "BLOCK_NONE"}]),
    "unknown_field": ask(brandNew={"a": 1}),
    "labels": ask(labels={"team": "a"}),
    "hosted_beside_tools": ask(tools=[{"googleSearch": {}}, *tools(TOOL)]),
    "hosted_alone": ask(tools=[{"googleSearch": {}}]),
    "hosted_before": ask(
        USER,
        model(
            {"executableCode": {"language": "PYTHON", "code": "1"}},
            {"codeExecutionResult": {"outcome": "OUTCOME_OK", "output": "1"}},
            text("1"),
        ),
        USER,
    ),
    "cached_content": ask(cachedContent="cachedContents/abc"),
    "pictures_wanted": config(responseModalities=["TEXT", "IMAGE"]),
    "empty_content": ask(user(text(""))),
    "unicode": ask(user(text(UNICODE))),
}
