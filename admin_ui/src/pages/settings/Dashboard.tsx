import { ThemeChoice } from "@/frame/UserMenu";
import { exact } from "@/format/times";
import { ownZone } from "@/format/zone";
import { useNow } from "@/ui/Value";

/** What only this browser keeps. */
export function Dashboard() {
  const now = useNow();
  return (
    <section className="card setting-part" aria-label="This dashboard">
      <header>
        <h2>This dashboard</h2>
      </header>
      <div className="card-body">
        <dl className="fact-list">
          <div>
            <dt>
              Theme
              <span className="muted small">Kept in this browser</span>
            </dt>
            <dd>
              <ThemeChoice />
            </dd>
          </div>
          <div>
            <dt>
              Times
              <span className="muted small">In your browser’s time zone; the usage page can be asked for another</span>
            </dt>
            <dd>
              <span className="num">
                {ownZone()} · {exact(now).slice(0, 16)}
              </span>
            </dd>
          </div>
        </dl>
      </div>
    </section>
  );
}
