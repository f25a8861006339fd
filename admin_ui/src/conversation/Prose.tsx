import { Fragment } from "react";
import { CopyIcon } from "@/ui/Copy";
import { fenced } from "./fences";

/** What somebody said, as text: line breaks stay, code between fences is monospaced. Nothing in it is ever taken for HTML or a link. */
export function Prose({ text }: { text: string }) {
  return (
    <div className="prose">
      {fenced(text).map((stretch, index) => (
        <Fragment key={index}>
          {stretch.code ? (
            <div className="code wrap">
              {stretch.word && <span className="code-word">{stretch.word}</span>}
              {/* Long code scrolls, so the keyboard must be able to reach it. */}
              {/* eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
              <pre tabIndex={0}>{stretch.text}</pre>
              <CopyIcon text={stretch.text} label="Copy this code" />
            </div>
          ) : (
            stretch.text.trim() !== "" && <p className="prewrap">{stretch.text.replace(/^\n+|\n+$/g, "")}</p>
          )}
        </Fragment>
      ))}
    </div>
  );
}
