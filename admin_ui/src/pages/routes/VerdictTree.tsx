import { CircleCheck, CircleX } from "lucide-react";
import type { Verdict } from "@/api/routing";
import { testText } from "./rules";

const words = { all: "All of these", any: "Any of these", not: "Not this" } as const;

/** What every part of a condition comes to for one request. */
export const VerdictTree = ({ verdict }: { verdict: Verdict }) => (
  <ul className="verdicts">
    <VerdictLine verdict={verdict} />
  </ul>
);

function VerdictLine({ verdict }: { verdict: Verdict }) {
  const { kind, holds, children } = verdict;
  const Icon = holds ? CircleCheck : CircleX;
  return (
    <li>
      <span className={`verdict ${holds ? "holds" : "fails"}`}>
        <Icon className="icon" aria-hidden />
        <span>
          {kind === "leaf" ? testText(verdict.field ?? "", verdict.op ?? "", verdict.value) : words[kind]}
          <span className="visually-hidden">{holds ? ": holds" : ": does not hold"}</span>
          {kind === "leaf" && verdict.op !== "exists" && (
            <span className="muted">
              {" · "}
              {verdict.seen == null ? (
                "the request has none"
              ) : (
                <>
                  the request has <span className="mono">{verdict.seen}</span>
                </>
              )}
            </span>
          )}
        </span>
      </span>
      {children.length > 0 && (
        <ul>
          {children.map((child) => (
            <VerdictLine key={child.path} verdict={child} />
          ))}
        </ul>
      )}
    </li>
  );
}
