interface Props {
  label: string;
  value: number;
  max: number;
  /** What is reserved beside `value`: hatched, behind it. */
  held?: number;
  /** What the bar says, for screen readers. */
  text: string;
}

/** A bar for a part of a whole; from 90 % on it warns, full it alarms. The text beside it says the same. */
export function Meter({ label, value, max, held = 0, text }: Props) {
  const share = max > 0 ? Math.min(1, value / max) : 0;
  const behind = max > 0 ? Math.min(1 - share, held / max) : 0;
  const tone = share + behind >= 1 ? "error" : share + behind >= 0.9 ? "warn" : "";
  return (
    <span
      className={`meter ${tone}`}
      role="meter"
      aria-label={label}
      aria-valuenow={Math.min(value, max)}
      aria-valuemin={0}
      aria-valuemax={max}
      aria-valuetext={text}
    >
      <span style={{ width: `${100 * share}%` }} />
      {behind > 0 && <span className="held" style={{ width: `${100 * behind}%` }} />}
    </span>
  );
}
