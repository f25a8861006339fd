import type { LogDetail } from "@/api/types";
import { Code } from "@/ui/Copy";
import { Tabs } from "@/ui/Tabs";

/** JSON with line breaks; text that is no JSON (a stream, half a body) stays as it is. */
export function pretty(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}

/** Prompt and answer, where the key records them. */
export function Bodies({ row }: { row: LogDetail }) {
  const tabs = [
    { id: "request", label: "Request", text: row.request_body },
    { id: "response", label: "Response", text: row.response_body },
  ].flatMap(({ id, label, text }) =>
    text === null ? [] : [{ id, label, content: <Code wrap text={pretty(text)} label={`Copy the ${id}`} /> }],
  );
  return (
    <section className="section" aria-label="Bodies">
      <h3>Bodies</h3>
      {tabs.length > 0 && <Tabs label="Bodies" tabs={tabs} />}
      {tabs.length === 0 && row.body_stored && (
        <p className="muted">They lie in the deployment’s bucket, which could not be read just now.</p>
      )}
      {tabs.length === 0 && !row.body_stored && (
        <p className="muted">Not recorded. A key can be set to record prompts and answers.</p>
      )}
    </section>
  );
}
