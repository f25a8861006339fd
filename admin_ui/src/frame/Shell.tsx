import { Link, Navigate, Outlet, useRouterState } from "@tanstack/react-router";
import { Menu as MenuIcon, PanelLeftClose, PanelLeftOpen, Search } from "lucide-react";
import { useEffect, useState } from "react";
import { Button, IconButton } from "@/ui/Button";
import { Dialog } from "@/ui/Dialog";
import { Banners } from "./Banners";
import { Brand } from "./Brand";
import { CommandPalette } from "./CommandPalette";
import { useAllowed, useMay } from "./access";
import { firstPage, pagesFor, reachable, under, type PageEntry } from "./pages";
import { ReleaseBadge, StageBadge } from "./Release";
import { Loading, NotAllowed } from "./states";
import { ThemeChoice, UserMenu } from "./UserMenu";

const place = "gateway.rail";
/** How many pages the phone's bar has room for, beside the way to the others. */
const inBar = 4;

/** Rail, top bar and the page between them. */
export function Shell() {
  const [narrow, setNarrow] = useState(() => localStorage.getItem(place) === "narrow");
  const [palette, setPalette] = useState(false);
  const [sheet, setSheet] = useState(false);
  const fold = () => {
    localStorage.setItem(place, narrow ? "wide" : "narrow");
    setNarrow(!narrow);
  };
  const may = useAllowed();
  const pages = pagesFor(may);
  const more = useRouterState({
    select: ({ location }) => pages.slice(inBar).some(({ to }) => under(location.pathname, to)),
  });
  useShortcut(() => setPalette((open) => !open));
  return (
    <div className={`shell ${narrow ? "narrow" : ""}`}>
      <a className="skip button primary" href="#main">
        Skip to content
      </a>
      <aside className="rail">
        <Brand />
        <PageLinks pages={pages} />
        <button className="rail-fold" onClick={fold} aria-expanded={!narrow}>
          {narrow ? <PanelLeftOpen className="icon" aria-hidden /> : <PanelLeftClose className="icon" aria-hidden />}
          <span className="label">Collapse</span>
          {narrow && <span className="visually-hidden">Expand navigation</span>}
        </button>
      </aside>
      <header className="topbar">
        <div className="phone-only">
          <Brand small />
        </div>
        <StageBadge />
        {may("release") && <ReleaseBadge />}
        <div className="end">
          <Button className="find wide-only" icon={Search} onClick={() => setPalette(true)}>
            Find… <kbd>{shortcutName}</kbd>
          </Button>
          <span className="phone-only">
            <IconButton label="Find" icon={Search} onClick={() => setPalette(true)} />
          </span>
          <UserMenu />
        </div>
      </header>
      <main className="main" id="main" tabIndex={-1}>
        <Banners />
        <Inside />
      </main>
      <nav className="tabbar" aria-label="Pages">
        {pages.slice(0, inBar).map((page) => (
          <PageLink key={page.to} {...page} />
        ))}
        <button type="button" aria-current={more ? "page" : undefined} onClick={() => setSheet(true)}>
          <MenuIcon className="icon" aria-hidden />
          More
        </button>
      </nav>
      <Dialog open={sheet} onClose={() => setSheet(false)} title="Go to" shape="drawer sheet">
        <div className="panel-body">
          <nav aria-label="All pages">
            {pages.map((page) => (
              <PageLink key={page.to} {...page} onClick={() => setSheet(false)} />
            ))}
          </nav>
          <ThemeChoice />
        </div>
      </Dialog>
      <CommandPalette open={palette} onClose={() => setPalette(false)} />
    </div>
  );
}

/** The page, or why this person does not see it. */
function Inside() {
  const may = useMay();
  // What is drawn, which is not yet what the address says while a page is being fetched: nobody gets even a glance at the one before.
  const here = useRouterState({ select: ({ matches, location }) => matches.at(-1)?.pathname ?? location.pathname });
  if (!may) return <Loading />;
  if (reachable(here, may)) return <Outlet />;
  const first = firstPage(may);
  // Signing in leads to the overview; whoever may not see it begins elsewhere.
  if (here === "/" && first) return <Navigate to={first} replace />;
  return <NotAllowed first={first} />;
}

const PageLinks = ({ pages }: { pages: readonly PageEntry[] }) => (
  <nav aria-label="Main">
    {pages.map((page) => (
      <PageLink key={page.to} {...page} />
    ))}
  </nav>
);

function PageLink({ to, label, icon: Icon, onClick }: PageEntry & { onClick?: () => void }) {
  const here = useRouterState({ select: (state) => state.location.pathname });
  const current = under(here, to);
  return (
    <Link to={to} aria-current={current ? "page" : undefined} onClick={onClick} title={label}>
      <Icon className="icon" aria-hidden />
      <span className="label">{label}</span>
    </Link>
  );
}

const apple = /mac|iphone|ipad/i.test(navigator.userAgent);
const shortcutName = apple ? "⌘K" : "Ctrl K";

function useShortcut(run: () => void) {
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.key.toLowerCase() !== "k" || !(apple ? event.metaKey : event.ctrlKey)) return;
      event.preventDefault();
      run();
    };
    window.addEventListener("keydown", onKey);
    return () => window.removeEventListener("keydown", onKey);
  });
}
