import {
  createRootRouteWithContext,
  createRoute,
  createRouter,
  lazyRouteComponent,
  Outlet,
  redirect,
} from "@tanstack/react-router";
import type { App } from "./app-context";
import { isRange, type Range } from "./format/ranges";
import { logSearch } from "./format/log-search";
import { Shell } from "./frame/Shell";
import { Crash, Loading, NotFound } from "./frame/states";
import { LoginPage } from "./pages/login/LoginPage";

const word = (value: unknown) => (typeof value === "string" && value ? value : undefined);
const moment = (value: unknown) =>
  typeof value === "number" && Number.isInteger(value) && value > 0 ? value : undefined;

const root = createRootRouteWithContext<App>()({ component: Outlet, notFoundComponent: NotFound });

const login = createRoute({
  getParentRoute: () => root,
  path: "/login",
  validateSearch: (search: Record<string, unknown>): { next?: string } => {
    const next = word(search.next);
    // Only a path of this dashboard: `//host` would lead somewhere else.
    return next && /^\/(?![/\\])/.test(next) ? { next } : {};
  },
  beforeLoad: ({ context, search }) => {
    if (context.session.get()) redirect({ href: search.next ?? "/", throw: true });
  },
  component: LoginPage,
});

const frame = createRoute({
  getParentRoute: () => root,
  id: "frame",
  beforeLoad: ({ context, location }) => {
    if (!context.session.get()) {
      redirect({ to: "/login", search: location.href === "/" ? {} : { next: location.href }, throw: true });
    }
  },
  component: Shell,
});

export interface OverviewSearch {
  range?: Range;
  from?: number;
  to?: number;
}

const overview = createRoute({
  getParentRoute: () => frame,
  path: "/",
  validateSearch: ({ range, from, to }: Record<string, unknown>): OverviewSearch => {
    const [start, end] = [moment(from), moment(to)];
    if (start && end && start < end) return { from: start, to: end };
    return isRange(range) ? { range } : {};
  },
  component: lazyRouteComponent(() => import("./pages/overview/OverviewPage"), "OverviewPage"),
});

/** Lists whose drawer is part of the URL: `open` is the id of the thing, `create` the empty form, `q` the text filter. */
export interface ListSearch {
  open?: string;
  create?: true;
  q?: string;
}

const listSearch = ({ open, create, q }: Record<string, unknown>): ListSearch => ({
  ...(word(open) ? { open: word(open) } : {}),
  ...(create === true ? { create } : {}),
  ...(word(q) ? { q: word(q) } : {}),
});

const providers = createRoute({
  getParentRoute: () => frame,
  path: "/providers",
  validateSearch: listSearch,
  component: lazyRouteComponent(() => import("./pages/providers/ProvidersPage"), "ProvidersPage"),
});

const models = createRoute({
  getParentRoute: () => frame,
  path: "/models",
  validateSearch: listSearch,
  component: lazyRouteComponent(() => import("./pages/models/ModelsPage"), "ModelsPage"),
});

const keys = createRoute({
  getParentRoute: () => frame,
  path: "/keys",
  validateSearch: listSearch,
  component: lazyRouteComponent(() => import("./pages/keys/KeysPage"), "KeysPage"),
});

const logs = createRoute({
  getParentRoute: () => frame,
  path: "/logs",
  validateSearch: logSearch,
  component: lazyRouteComponent(() => import("./pages/logs/LogsPage"), "LogsPage"),
});

const log = createRoute({
  getParentRoute: () => logs,
  path: "$id",
  component: lazyRouteComponent(() => import("./pages/logs/LogDrawer"), "LogDrawer"),
});

const tree = root.addChildren([login, frame.addChildren([overview, providers, models, keys, logs.addChildren([log])])]);

export function createAppRouter(app: App) {
  return createRouter({
    routeTree: tree,
    context: app,
    defaultPreload: "intent",
    defaultPendingComponent: Loading,
    defaultErrorComponent: Crash,
    defaultNotFoundComponent: NotFound,
    scrollRestoration: false,
  });
}

declare module "@tanstack/react-router" {
  interface Register {
    router: ReturnType<typeof createAppRouter>;
  }
}
