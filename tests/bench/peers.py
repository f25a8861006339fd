"""The bench's counterparts in one process of their own: an upstream and an AWS that answer at once, so that what is measured is the gateway.

    python -m tests.bench.peers    prints one JSON line {"upstream": port, "aws": port}, then serves until its input ends

`GET /counts` on the AWS port gives the DynamoDB and KMS operations seen so far, by name.
"""

from __future__ import annotations

import asyncio
import json
import sys
from base64 import b64encode
from collections import Counter
from typing import Any

SMALL = json.dumps(
    {
        "id": "chatcmpl-bench",
        "object": "chat.completion",
        "created": 1790000000,
        "model": "bench",
        "choices": [{"index": 0, "message": {"role": "assistant", "content": "Hello there."}, "finish_reason": "stop"}],
        "usage": {"prompt_tokens": 9, "completion_tokens": 3, "total_tokens": 12},
    }
).encode()


def _event(data: dict[str, Any]) -> bytes:
    return (
        b"data: "
        + json.dumps(
            {"id": "chatcmpl-bench", "object": "chat.completion.chunk", "created": 1, "model": "bench", **data}
        ).encode()
        + b"\n\n"
    )


STREAM = [
    *(
        _event({"choices": [{"index": 0, "delta": {"content": f"word{number} "}, "finish_reason": None}]})
        for number in range(100)
    ),
    _event({"choices": [], "usage": {"prompt_tokens": 9, "completion_tokens": 100, "total_tokens": 109}}),
    b"data: [DONE]\n\n",
]


class Peer(asyncio.Protocol):
    """HTTP/1.1 with content-length bodies, one request at a time; `answer` gets head and body and returns nothing or the reply's bytes."""

    def __init__(self) -> None:
        self.buffer = b""
        self.transport: Any = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = transport

    def data_received(self, data: bytes) -> None:
        self.buffer += data
        while (end := self.buffer.find(b"\r\n\r\n")) >= 0:
            head = self.buffer[:end]
            at = head.lower().find(b"content-length:")
            length = int(head[at + 15 :].split(b"\r\n", 1)[0]) if at >= 0 else 0
            if len(self.buffer) < end + 4 + length:
                return
            body, self.buffer = self.buffer[end + 4 : end + 4 + length], self.buffer[end + 4 + length :]
            self.answer(head, body)

    def answer(self, head: bytes, body: bytes) -> None:
        raise NotImplementedError

    def reply(self, body: bytes, content_type: bytes = b"application/json") -> None:
        self.transport.write(
            b"HTTP/1.1 200 OK\r\ncontent-type: %b\r\ncontent-length: %d\r\n\r\n%b" % (content_type, len(body), body)
        )


class UpstreamPeer(Peer):
    """A chat completion, or 100 chunks, each written by itself: as fast as they go, or (`"user": "spaced"`) half a millisecond apart."""

    def answer(self, head: bytes, body: bytes) -> None:
        if b'"stream":true' not in body.replace(b" ", b""):
            self.reply(SMALL)
            return
        self.transport.write(
            b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n"
        )
        self.stream(0, spaced=b'"spaced"' in body)

    def stream(self, number: int, spaced: bool) -> None:
        part = STREAM[number]
        self.transport.write(b"%x\r\n%b\r\n" % (len(part), part))
        if number + 1 == len(STREAM):
            self.transport.write(b"0\r\n\r\n")
        elif spaced:
            asyncio.get_running_loop().call_later(0.0005, self.stream, number + 1, spaced)
        else:
            asyncio.get_running_loop().call_soon(self.stream, number + 1, spaced)


class AwsPeer(Peer):
    """DynamoDB with one key and one release (set by `PUT /items`), KMS that opens to zeros, and a count of operations."""

    def __init__(self, counts: Counter[str], items: dict[str, Any]) -> None:
        super().__init__()
        self.counts = counts
        self.items = items

    def answer(self, head: bytes, body: bytes) -> None:
        if head.startswith(b"GET /counts"):
            self.reply(json.dumps(self.counts).encode())
            return
        if head.startswith(b"PUT /items"):
            self.items.update(json.loads(body))
            self.reply(b"{}")
            return
        at = head.lower().find(b"x-amz-target:")
        operation = head[at + 13 :].split(b"\r\n", 1)[0].decode().strip().partition(".")[2]
        self.counts[operation] += 1
        self.reply(json.dumps(self.result(operation, body)).encode(), b"application/x-amz-json-1.0")

    def result(self, operation: str, body: bytes) -> dict[str, Any]:
        if operation == "GetItem":
            key = json.loads(body)["Key"]
            item = self.items.get(key["pk"]["S"])
            return {"Item": item} if item else {}
        if operation == "Query":
            values = json.loads(body)["ExpressionAttributeValues"]
            item = self.items.get(next(iter(values.values()))["S"])
            return {"Items": [item] if item else [], "Count": int(bool(item))}
        if operation == "Decrypt":
            return {"Plaintext": b64encode(bytes(32)).decode(), "KeyId": "bench"}
        return {}


async def main() -> None:
    loop = asyncio.get_running_loop()
    upstream = await loop.create_server(UpstreamPeer, "127.0.0.1", 0)
    counts: Counter[str] = Counter()
    items: dict[str, Any] = {}
    aws = await loop.create_server(lambda: AwsPeer(counts, items), "127.0.0.1", 0)
    ports = {"upstream": upstream.sockets[0].getsockname()[1], "aws": aws.sockets[0].getsockname()[1]}
    print(json.dumps(ports), flush=True)
    await loop.run_in_executor(None, sys.stdin.read)


if __name__ == "__main__":
    asyncio.run(main())
