// An upstream that nobody here wrote: @copilotkit/aimock with a few scripted answers. Prints {"url"} and runs until its input ends.
import { LLMock } from "@copilotkit/aimock";

const usage = { prompt_tokens: 11, completion_tokens: 7, total_tokens: 18, input_tokens: 11, output_tokens: 7 };
const mock = new LLMock({ port: 0, host: "127.0.0.1" });
mock.onMessage("say hello", { content: "Hello from a mock that speaks every dialect.", usage });
mock.onMessage("call a tool", { toolCalls: [{ id: "call_1", name: "get_weather", arguments: '{"place":"Oslo"}' }], usage });
mock.onMessage("call two tools", {
  toolCalls: [
    { id: "call_1", name: "get_weather", arguments: '{"place":"Oslo"}' },
    { id: "call_2", name: "get_time", arguments: '{"place":"Rome"}' },
  ],
  usage,
});
mock.onMessage("be cut off", { content: "This sentence is long enough to be cut off somewhere in its middle.", usage }, {
  chunkSize: 5,
  truncateAfterChunks: 4,
});
mock.onMessage("too many", {
  error: { message: "slow down", type: "rate_limit_error", code: "rate_limit_exceeded" },
  status: 429,
  retryAfter: 7,
});
await mock.start();
process.stdout.write(JSON.stringify({ url: mock.url }) + "\n");
process.stdin.resume();
process.stdin.on("end", async () => {
  await mock.stop();
  process.exit(0);
});
