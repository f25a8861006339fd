import { ArrowDown, ArrowUp } from "lucide-react";
import type { ReactNode } from "react";
import { change } from "@/format/numbers";
import { Tooltip } from "./Tooltip";

interface Props {
  what: string;
  value: ReactNode;
  exact: string;
  now: number;
  before: number;
  /** What `before` was: "the 24 hours before". */
  compared: string;
  better?: "up" | "down";
  /** In place of the comparison. */
  note?: string;
  /** Its value is long: a row of its own on a phone. */
  wide?: boolean;
  children?: ReactNode;
}

/** One figure with its unit, what it was before, and the exact value on hover and focus. */
export function Tile({ what, value, exact, now, before, compared, better, note, wide, children }: Props) {
  return (
    <div className={wide ? "card tile wide" : "card tile"}>
      <span className="what">{what}</span>
      <Tooltip text={exact}>
        {/* The tooltip holds the exact figure, so the keyboard must reach it. */}
        {/* eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
        <span className="value" tabIndex={0}>
          {value}
        </span>
      </Tooltip>
      {note ? (
        <span className="change">{note}</span>
      ) : (
        <Change now={now} before={before} compared={compared} better={better} />
      )}
      {children}
    </div>
  );
}

/** "▲ 18 % vs. previous 7 days". */
export function Change({ now, before, compared, better }: Pick<Props, "now" | "before" | "compared" | "better">) {
  const moved = change(now, before);
  const Arrow = moved?.up ? ArrowUp : ArrowDown;
  const tone = !moved || !better ? "" : moved.up === (better === "up") ? "good" : "bad";
  return (
    <span className={`change ${tone}`}>
      {moved ? (
        <>
          <Arrow className="icon" aria-hidden />
          <span className="visually-hidden">{moved.up ? "up" : "down"}</span> {moved.text}{" "}
          <span className="muted">vs. {compared.replace(/^the (\d+) (\w+) before$/, "previous $1 $2")}</span>
        </>
      ) : before > 0 ? (
        `as in ${compared}`
      ) : (
        "nothing before"
      )}
    </span>
  );
}
