"""What a request or an answer says, as a list of plain statements: two that mean the same say the same.

Left out is what no translation is meant to keep: ids (calls and results are numbered instead), where one text is cut into blocks, which of
the forms of "nothing" was written. Leading system messages are one; a later one stays where it stands.
"""

from __future__ import annotations

import base64
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import orjson

from gateway.neutral.blocks import Block, Extras, Media, Opaque, Refusal, Text, Thinking, ToolCall, ToolResult
from gateway.neutral.request import HostedTool, Message, Reasoning, Request, Tool
from gateway.neutral.response import Choice, Response

KNOBS = (
    "max_output_tokens", "temperature", "top_p", "top_k", "stop", "seed", "frequency_penalty", "presence_penalty", "logit_bias", "logprobs",
    "top_logprobs", "choices", "parallel_tools", "verbosity", "user", "service_tier", "metadata", "cache_key", "store",
)  # fmt: skip

# Whose order is part of what is said.
_ORDERED = ("messages", "choice")


def changes(before: list[str], after: list[str]) -> list[str]:
    """What was said before and is not said any more (-), what is new (+); `order` when only the order differs."""
    old, new = Counter(before), Counter(after)
    found = [f"- {one}" for one in before if old[one] > new[one]] + [f"+ {one}" for one in after if new[one] > old[one]]
    if found:
        return list(dict.fromkeys(found))
    same = [one for one in before if one.startswith(_ORDERED)] == [one for one in after if one.startswith(_ORDERED)]
    return [] if same else ["order of messages"]


def of_request(request: Request) -> list[str]:
    """Statements of a request; the first word of each names the field it is about."""
    said = [f"{name} {_json(getattr(request, name))}" for name in KNOBS if getattr(request, name) not in (None, False)]
    if request.parallel_tools is False:
        said.append("parallel_tools off")
    said += _settings(request)
    for tool in request.tools or ():
        said += _tool(tool)
    said += _extras(request.extras)
    marks = sum(1 for one in _marked(request) if one.cache is not None)
    said += [f"cache_control {marks} marks"] if marks else []
    return [*said, *_conversation(request.messages)]


def _settings(request: Request) -> Iterator[str]:
    choice, form, reasoning = request.tool_choice, request.format, request.reasoning
    # Not to choose is to let the model choose.
    if choice is not None and choice.mode != "auto":
        yield f"tool_choice {choice.mode} {','.join(choice.names)}{' or none' if choice.allowed_only else ''}"
    if form is not None and form.kind != "text":
        yield f"format {form.kind} {_json(form.schema)}"
    if form is not None and form.strict:
        yield "format strict"
    if reasoning is not None:
        yield from _reasoning(reasoning)


def _reasoning(reasoning: Reasoning) -> Iterator[str]:
    """ "Adaptive" is what a model does when nothing is said; no effort and no budget are off."""
    off = reasoning.enabled is False or reasoning.effort == "none" or reasoning.budget == 0
    if off:
        yield "reasoning off"
    elif reasoning.effort or reasoning.budget:
        yield f"reasoning effort {reasoning.effort}" if reasoning.effort else f"reasoning budget {reasoning.budget}"
    if (reasoning.visible or reasoning.summary) and not off:
        yield "reasoning shown"


def _tool(tool: Tool | HostedTool) -> Iterator[str]:
    if isinstance(tool, HostedTool):
        yield f"tools hosted {tool.dialect} {tool.type}"
        return
    schema = tool.schema if tool.schema and tool.schema.get("properties") else None
    kind = f"custom {_json(tool.format)}" if tool.custom else _json(_plain_schema(schema))
    yield f"tools {tool.name}: {tool.description or ''} {kind}"
    if tool.strict:
        yield f"tools {tool.name} strict"
    if tool.group:
        yield f"tools {tool.name} of {tool.group}"
    yield from _extras(tool.extras)


def _plain_schema(schema: Any) -> Any:
    return {name: value for name, value in schema.items() if name != "additionalProperties"} if schema else schema


def _extras(extras: Extras) -> Iterator[str]:
    for dialect, members in extras.items():
        for name in members:
            yield f"extras {dialect}.{name}"


def _marked(request: Request) -> Iterator[Any]:
    yield from (tool for tool in request.tools or () if isinstance(tool, Tool))
    for message in request.messages:
        yield from (block for block in message.blocks if not isinstance(block, Thinking | Refusal | Opaque))


def _conversation(messages: Iterable[Message]) -> list[str]:
    told: list[tuple[str, str]] = []
    numbers: dict[str, int] = {}
    leading = True
    for message in messages:
        system = message.role in {"system", "developer"}
        leading = leading and system
        who = "system" if leading else "later system" if system else message.role
        if message.name:
            told.append((f"name {message.name}", ""))
        for block in message.blocks:
            for kind, words in _block(block, numbers):
                if kind == "text" and told and told[-1][0] == f"messages {who} text":
                    told[-1] = (told[-1][0], told[-1][1] + words)
                elif kind != "text" or words:
                    told.append((f"messages {who} {kind}", words))
    return [f"{kind}: {words}" for kind, words in told]


def _block(block: Block, numbers: dict[str, int]) -> list[tuple[str, str]]:
    """Kind and words of one block."""
    if isinstance(block, Text):
        return [("text", "".join(block.text.split()))]
    if isinstance(block, Refusal):
        return [("refusal", block.text)]
    if isinstance(block, Thinking):
        said = [("thinking", block.text)] if block.text else []
        return said + ([("signature", block.signature.data)] if block.signature is not None else [])
    if isinstance(block, ToolCall):
        number = numbers.setdefault(block.id, len(numbers) + 1)
        words = _json({"input": block.arguments} if block.custom else _parsed(block.arguments))
        signed = [("signature", block.signature.data)] if block.signature is not None else []
        return [*signed, (f"call {number} of {block.name}{' by free text' if block.custom else ''}", words)]
    if isinstance(block, ToolResult):
        inner = [one for part in block.blocks for one in _block(part, numbers)]
        text = "".join(words for kind, words in inner if kind == "text")
        rest = [f"{kind} {words}" for kind, words in inner if kind != "text"]
        number = numbers.setdefault(block.call_id, len(numbers) + 1)
        return [(f"result {number}{' error' if block.is_error else ''}", " ".join([text, *rest]))]
    if isinstance(block, Media):
        return _media(block)
    return [("opaque", f"{block.dialect} {block.type}")]


def _media(block: Media) -> list[tuple[str, str]]:
    """What a URL leads to, its name says; a plain text is the same in base64."""
    written = block.text
    if block.data is not None and (block.media_type or "").startswith("text/"):
        written = base64.b64decode(block.data).decode()
    said = (
        [("media", block.url)]
        if block.url
        else [(block.kind, f"{block.media_type} {written or block.data or block.file_id}")]
    )
    said += [("file name", block.name)] if block.name else []
    return said + ([("detail", block.detail)] if block.detail not in (None, "auto") else [])


def _parsed(arguments: str) -> Any:
    try:
        return orjson.loads(arguments or "{}")
    except orjson.JSONDecodeError:
        return arguments


def _json(value: Any) -> str:
    if isinstance(value, Mapping):
        value = dict(value)
    return orjson.dumps(value, option=orjson.OPT_SORT_KEYS | orjson.OPT_NON_STR_KEYS, default=list).decode()


def of_answer(response: Response) -> list[str]:
    """Statements of an answer; model, id and time are the gateway's to tell, not the upstream's."""
    said = [f"service_tier {response.service_tier}"] if response.service_tier else []
    usage = response.usage
    if usage is not None:
        counts = {name: getattr(usage, name) for name in ("fresh", "cache_read", "cache_write_5m", "cache_write_1h")}
        counts |= {"output": usage.output, "reasoning": usage.reasoning}
        said += [f"usage {name} {count}" for name, count in counts.items() if count]
    said += _extras(response.extras)
    for number, choice in enumerate(response.choices):
        said += [f"choice {number} {one}" for one in _choice(choice)]
    return said


def _choice(choice: Choice) -> Iterator[str]:
    for one in _conversation([Message("assistant", choice.blocks)]):
        said = one.removeprefix("messages assistant ")
        # Clients hold a foreign signature in an envelope; what is in it comes to light when they hand it back.
        yield "signature" if said.startswith("signature") else said
    for block in choice.blocks:
        if isinstance(block, Text) and block.logprobs:
            yield f"logprobs of {len(block.logprobs)} tokens"
        yield from _extras(getattr(block, "extras", {}))
    if choice.stop is not None:
        yield f"stop {choice.stop.reason}{f' {choice.stop.sequence!r}' if choice.stop.sequence else ''}"
    yield from _extras(choice.extras)
