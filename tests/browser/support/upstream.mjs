// A provider of one's own on this machine, whose mood a test decides.
import http from "node:http";

const completion = {
  id: "chatcmpl-1",
  object: "chat.completion",
  created: 1,
  model: "moody",
  choices: [{ index: 0, message: { role: "assistant", content: "Hello" }, finish_reason: "stop" }],
  usage: { prompt_tokens: 7, completion_tokens: 3, total_tokens: 10 },
};

/** `upstream.answer(body)` gives the status of the next answer, or a promise of it; `upstream.models` is what it lists. Set them as you like. */
export async function moodyUpstream() {
  const upstream = { answer: () => 200, models: ["moody"] };
  const server = http.createServer(async (request, response) => {
    let text = "";
    for await (const part of request) text += part;
    if (request.method === "GET") {
      response.writeHead(200, { "content-type": "application/json" });
      response.end(JSON.stringify({ object: "list", data: upstream.models.map((id) => ({ id, object: "model", created: 1, owned_by: "test" })) }));
      return;
    }
    const status = await upstream.answer(JSON.parse(text || "{}"));
    response.writeHead(status, { "content-type": "application/json" });
    response.end(JSON.stringify(status === 200 ? completion : { error: { message: "not now", type: "test", code: null } }));
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  const close = () => {
    server.closeAllConnections();
    return new Promise((resolve) => server.close(resolve));
  };
  return Object.assign(upstream, { url: `http://127.0.0.1:${server.address().port}/v1`, close });
}

/** A provider at that upstream with one key. */
export async function addProvider(call, upstream, id, name) {
  await call("POST", "/api/admin/providers", { id, name, kind: "openai_compatible", base_url: upstream.url, allow_private: true });
  await call("POST", `/api/admin/providers/${id}/keys`, { value: `sk-${id}-value-4321` });
}
