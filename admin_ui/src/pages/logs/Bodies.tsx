import type { LogDetail } from "@/api/types";
import { Conversation } from "@/conversation/Conversation";
import { dialectAt } from "@/conversation/model";
import { readAnswer } from "@/conversation/read-answer";
import { readRequest } from "@/conversation/read-request";
import { pretty } from "@/format/json";
import { Code } from "@/ui/Copy";
import { Tabs } from "@/ui/Tabs";

/** Prompt and answer, where the key records them: as a conversation where they are one, and as they were sent. */
export function Bodies({ row }: { row: LogDetail }) {
  const dialect = dialectAt(row.path);
  const asked = readRequest(dialect, row.request_body);
  const answer = readAnswer(dialect, row.response_body);
  const conversation = asked && [
    { id: "conversation", label: "Conversation", content: <Conversation asked={asked} answer={answer} /> },
  ];
  const raw = [
    { id: "request", label: "Request", text: row.request_body },
    { id: "response", label: "Response", text: row.response_body },
  ].flatMap(({ id, label, text }) =>
    text === null ? [] : [{ id, label, content: <Code wrap text={pretty(text)} label={`Copy the ${id}`} /> }],
  );
  const tabs = [...(conversation ?? []), ...raw];
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
