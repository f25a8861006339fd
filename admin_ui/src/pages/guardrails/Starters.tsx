import { Link } from "@tanstack/react-router";
import { starters } from "./guardrail-draft";
import { kinds } from "./words";

/** What most deployments begin with: one press opens the form, filled in. */
export function Starters() {
  return (
    <ul className="starters" aria-label="Begin with">
      {starters.map(({ title, line, draft }) => {
        const { icon: Icon } = kinds[draft.kind];
        return (
          <li key={draft.id}>
            <Link className="card starter" to="/guardrails" search={{ create: true, start: draft.id }}>
              <Icon className="icon" aria-hidden />
              <span>
                <strong>{title}</strong>
                <span className="muted small">{line}</span>
              </span>
            </Link>
          </li>
        );
      })}
    </ul>
  );
}
