import { Brain, CornerDownRight, FileQuestion, Image, Paperclip, Wrench } from "lucide-react";
import { pretty } from "@/format/json";
import { Code } from "@/ui/Copy";
import type { Part } from "./model";
import { Prose } from "./Prose";

/** The parts of one turn. Pictures and files are named with their size and type: nothing that a client sent is fetched or drawn. */
export const Parts = ({ parts }: { parts: readonly Part[] }) =>
  parts.map((part, index) => <One key={index} part={part} />);

function One({ part }: { part: Part }) {
  switch (part.kind) {
    case "text":
      return <Prose text={part.text} />;
    case "thought":
      return part.text ? (
        <details className="aside-part">
          <summary>
            <Brain className="icon inline" aria-hidden /> Thought
          </summary>
          <p className="prewrap muted">{part.text}</p>
        </details>
      ) : (
        <p className="muted small">
          <Brain className="icon inline" aria-hidden /> A thought that the provider keeps to itself
        </p>
      );
    case "call":
      return (
        <div className="aside-part">
          <p className="small">
            <Wrench className="icon inline" aria-hidden /> Calls{" "}
            <strong className="mono">{part.name || "a tool"}</strong>{" "}
            {part.id && <span className="muted mono">{part.id}</span>}
          </p>
          {part.input.trim() !== "" && <Code wrap text={pretty(part.input)} label="Copy what it is given" />}
        </div>
      );
    case "result":
      return (
        <div className="aside-part">
          <p className="small">
            <CornerDownRight className="icon inline" aria-hidden /> {part.failed ? "Failed result" : "Result"} of{" "}
            <strong className="mono">{part.name ?? part.id ?? "a call"}</strong>
          </p>
          <Parts parts={part.parts} />
        </div>
      );
    case "media":
      return <p className="small media-part">{mediaText(part)}</p>;
    case "other":
      return (
        <details className="aside-part">
          <summary>
            <FileQuestion className="icon inline" aria-hidden /> <span className="mono">{part.what}</span>
          </summary>
          <Code wrap text={part.json} label="Copy the JSON" />
        </details>
      );
  }
}

function mediaText(part: Extract<Part, { kind: "media" }>) {
  const Icon = part.what === "picture" ? Image : Paperclip;
  const facts = [part.type, part.bytes === undefined ? undefined : size(part.bytes)].filter(Boolean).join(", ");
  return (
    <>
      <Icon className="icon inline" aria-hidden /> A {part.what} {facts && `(${facts})`}
      {part.at ? (
        <>
          {" at "}
          <span className="mono">{part.at}</span>
        </>
      ) : (
        " came with the request"
      )}
      <span className="muted"> · not shown</span>
    </>
  );
}

/** 0 → "0 bytes", 1536 → "1.5 KB". */
function size(bytes: number): string {
  if (bytes < 1024) return `${bytes} bytes`;
  return bytes < 1024 * 1024 ? `${(bytes / 1024).toFixed(1)} KB` : `${(bytes / 1024 / 1024).toFixed(1)} MB`;
}
