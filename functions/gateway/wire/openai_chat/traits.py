"""How vendors differ in Chat Completions: the words of `Upstream.traits` that this room reads.

A vendor without a word is taken for a plain compatible server: the `system` role, `max_tokens`, function tools with `tool_choice`, JSON mode,
pictures, and the sampling knobs everybody has. A word that begins with `no_` takes something away from that, every other one adds something.

Requests
    `developer_role`         takes the developer role; without it the system role is sent
    `max_completion_tokens`  the limit is named so; without it `max_tokens`
    `stream_usage`           understands `stream_options.include_usage`
    `stops_4`                at most four stop sequences
    `random_seed`            the seed is named so
    `safety_identifier`      the end user is named so, in at most 64 characters; without it `user`
    the names of members of `neutral.request.Request` that not everybody has: `top_k`, `logit_bias`, `logprobs`, `choices`, `parallel_tools`,
    `verbosity`, `service_tier`, `metadata`, `cache_key`, `store`, `user`
    `no_temperature`, `no_top_p`, `no_stop`, `no_seed`, `no_frequency_penalty`, `no_presence_penalty`, `no_names`
Formats
    `json_schema`            takes a schema; without it JSON mode is asked for and the schema stands in the prompt
    `json_word`              JSON mode needs the word JSON in the prompt
Thinking
    `effort:<word>`          `reasoning_effort` takes this word of `neutral.reasoning.EFFORTS`
    `reasoning_object`       OpenRouter's `reasoning: {effort | max_tokens | enabled, exclude}`
    `thinking_toggle`        `thinking: {"type": "enabled" | "disabled"}`
    `reasoning_content`      takes thoughts back on assistant messages under this name
    `reasoning_details`      takes OpenRouter's details back, signatures included
    `extra_content`          takes back what it put under `extra_content` of a tool call
Content
    `text_parts`             takes lists of text parts in every role; without it texts are joined
    `cache_control`          takes Anthropic's cache marks on parts
    `refusal`                takes `refusal` on assistant messages; without it refusals are text
    `no_images`, `audio`, `video_url`, `files` (PDF as data), `file_ids`, `file_urls` (a URL in place of data), `document_url` (Mistral's part)
Tools
    `strict_tools`, `custom_tools`, `allowed_tools`, `no_named_tool_choice`
    `ids_of_9`               ids of tool calls are nine letters and digits
"""

from __future__ import annotations

from typing import Final

from gateway.neutral.reasoning import EFFORTS

OPTIONAL_KNOBS: Final = (
    "top_k",
    "logit_bias",
    "logprobs",
    "choices",
    "parallel_tools",
    "verbosity",
    "service_tier",
    "metadata",
    "cache_key",
    "store",
    "user",
)
PLAIN_KNOBS: Final = ("temperature", "top_p", "stop", "seed", "frequency_penalty", "presence_penalty")

WORDS: Final = frozenset(
    [
        *OPTIONAL_KNOBS,
        *(f"no_{name}" for name in PLAIN_KNOBS),
        *(f"effort:{word}" for word in EFFORTS),
        *("developer_role", "max_completion_tokens", "stream_usage", "stops_4", "random_seed", "safety_identifier"),
        *("no_names", "json_schema", "json_word", "reasoning_object", "thinking_toggle", "reasoning_content"),
        *("reasoning_details", "extra_content", "text_parts", "cache_control", "refusal", "no_images", "audio"),
        *("video_url", "files", "file_ids", "file_urls", "document_url", "strict_tools", "custom_tools"),
        *("allowed_tools", "no_named_tool_choice", "ids_of_9"),
    ]
)


def efforts(*words: str) -> frozenset[str]:
    """The words of `reasoning_effort` that a vendor takes."""
    return frozenset(f"effort:{word}" for word in words)


OPENAI: Final = frozenset(
    [
        *("developer_role", "max_completion_tokens", "stream_usage", "stops_4", "safety_identifier"),
        *("logit_bias", "logprobs", "choices", "parallel_tools", "verbosity", "service_tier", "metadata"),
        *("cache_key", "store", "user", "json_schema", "json_word", "text_parts", "refusal", "audio", "files"),
        *("file_ids", "strict_tools", "custom_tools", "allowed_tools"),
    ]
) | efforts(*EFFORTS)
"""What OpenAI itself takes: https://platform.openai.com/docs/api-reference/chat/create"""

COMPATIBLE: Final = frozenset(
    [
        *("stream_usage", "top_k", "logit_bias", "logprobs", "choices", "parallel_tools", "user", "json_schema"),
        *("json_word", "reasoning_content", "extra_content", "audio", "files", "strict_tools"),
    ]
) | efforts("none", "minimal", "low", "medium", "high")
"""What is asked of a server nobody knows: what most of them take, or leave unread."""
