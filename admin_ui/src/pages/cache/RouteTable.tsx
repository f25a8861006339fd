import { Link } from "@tanstack/react-router";
import { count, percent, short } from "@/format/numbers";
import { ruleText } from "@/pages/cache-rule/words";
import { Badge } from "@/ui/Badge";
import { SkeletonRows } from "@/ui/Page";
import { Money } from "@/ui/Value";
import type { GatewayRow } from "./gateway-rows";

const heads = ["Route", "Keeps", "Requests", "Given again", "by meaning", "Hit rate", "Saved"];
const left = 2;

/** By route: which keep answers, and what came of it. */
export function RouteTable({ rows, onPick }: { rows: GatewayRow[] | undefined; onPick: (route: string) => void }) {
  return (
    <section className="card table-card" aria-label="By route">
      <header>
        <h2>By route</h2>
      </header>
      <div className="scroll">
        <table className="table cards" aria-label="Cache by route" aria-busy={!rows}>
          <thead>
            <tr>
              {heads.map((head, index) => (
                <th key={head} scope="col" className={index >= left ? "right" : undefined}>
                  {head}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {!rows && <SkeletonRows rows={3} columns={heads.length} />}
            {rows?.map((row) => (
              <tr key={row.route ?? ""}>
                <td>
                  <Name row={row} onPick={onPick} />
                </td>
                <td data-label="Keeps">
                  <Rule row={row} />
                </td>
                <td className="right" data-label="Requests">
                  <span title={count(row.figures.requests)}>{short(row.figures.requests)}</span>
                </td>
                <td className="right" data-label="Given again">
                  <span title={count(row.figures.hits)}>{short(row.figures.hits)}</span>
                </td>
                <td className="right" data-label="by meaning">
                  <span title={count(row.figures.semantic)}>{short(row.figures.semantic)}</span>
                </td>
                <td className="right" data-label="Hit rate">
                  {row.figures.hit_rate === null ? "–" : percent(row.figures.hit_rate)}
                </td>
                <td className="right" data-label="Saved">
                  {row.saved === 0 ? <span className="sub">–</span> : <Money nano={row.saved} />}
                </td>
              </tr>
            ))}
            {rows?.length === 0 && (
              <tr>
                <td colSpan={heads.length} className="muted">
                  No route keeps answers.
                </td>
              </tr>
            )}
          </tbody>
        </table>
      </div>
    </section>
  );
}

function Name({ row: { route }, onPick }: { row: GatewayRow; onPick: (route: string) => void }) {
  if (route === null) return <span className="muted">without a route</span>;
  return (
    <button type="button" className="name" title={`Only ${route}`} onClick={() => onPick(route)}>
      {route}
    </button>
  );
}

/** The rule as it is now; the figures may be of another. */
function Rule({ row: { route, known, rule } }: { row: GatewayRow }) {
  if (!rule) return <Badge state="off">{route === null || known ? "nothing now" : "no such route now"}</Badge>;
  const text = ruleText(rule);
  if (route === null) return <Link to="/settings">{text}</Link>;
  return (
    <Link to="/routes/edit" search={{ id: route }}>
      {text}
    </Link>
  );
}
