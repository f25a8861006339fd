import { Code } from "@/ui/Copy";

const example = JSON.stringify(
  {
    model: "claude-sonnet",
    max_tokens: 500,
    system: [{ type: "text", text: "…your long instructions and documents…", cache_control: { type: "ephemeral" } }],
    messages: [{ role: "user", content: "the question, which changes" }],
  },
  null,
  2,
);

/** What makes providers find more in their caches. */
export function Teach() {
  return (
    <div className="teach">
      <ul>
        <li>
          <strong>What stays the same goes first:</strong> tools, instructions, documents; the question and anything
          with a date or an id in it goes last. One changed character makes everything behind it new.
        </li>
        <li>
          <strong>OpenAI, Gemini and many others</strong> cache by themselves, from about 1,024 tokens on. Nothing has
          to be said; a longer common beginning is enough.
        </li>
        <li>
          <strong>Claude</strong> caches up to where a request says so with <code>cache_control</code>. The gateway
          hands the mark on, from Anthropic’s API and to Bedrock as well.
        </li>
        <li>
          <strong>The same provider each time:</strong> a route that spreads a conversation over several providers finds
          each of their caches cold. Let it prefer one.
        </li>
      </ul>
      <Code text={example} label="Copy the example" />
    </div>
  );
}
