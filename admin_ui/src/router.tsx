import { createRootRouteWithContext, createRoute, createRouter, Outlet, redirect } from "@tanstack/react-router";
import type { App } from "./app-context";
import { auditSearch } from "./format/audit-search";
import { chatSearch, dialogsSearch } from "./format/dialog-search";
import { logSearch } from "./format/log-search";
import { releaseSearch, releasesSearch } from "./format/release-search";
import { settingsSearch } from "./format/settings-search";
import { playgroundSearch } from "./format/playground-search";
import { usageSearch } from "./format/usage-search";
import {
  accountsSearch,
  cacheSearch,
  guardrailsSearch,
  listSearch,
  loginSearch,
  overviewSearch,
  routeSearch,
  routesSearch,
} from "./format/search";
import { lazyPage } from "./frame/lazy-page";
import { Shell } from "./frame/Shell";
import { Crash, Loading, NotFound } from "./frame/states";
import { LoginPage } from "./pages/login/LoginPage";

const root = createRootRouteWithContext<App>()({ component: Outlet, notFoundComponent: NotFound });

const login = createRoute({
  getParentRoute: () => root,
  path: "/login",
  validateSearch: loginSearch,
  beforeLoad: ({ context, search }) => {
    if (context.session.get()) redirect({ href: loginSearch({ ...search }).next ?? "/", throw: true });
  },
  component: LoginPage,
});

const register = createRoute({
  getParentRoute: () => root,
  path: "/register",
  component: lazyPage(() => import("./pages/register/RegisterPage"), "RegisterPage"),
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

const overview = createRoute({
  getParentRoute: () => frame,
  path: "/",
  validateSearch: overviewSearch,
  component: lazyPage(() => import("./pages/overview/OverviewPage"), "OverviewPage"),
});

const providers = createRoute({
  getParentRoute: () => frame,
  path: "/providers",
  validateSearch: listSearch,
  component: lazyPage(() => import("./pages/providers/ProvidersPage"), "ProvidersPage"),
});

const models = createRoute({
  getParentRoute: () => frame,
  path: "/models",
  validateSearch: listSearch,
  component: lazyPage(() => import("./pages/models/ModelsPage"), "ModelsPage"),
});

const routes = createRoute({
  getParentRoute: () => frame,
  path: "/routes",
  validateSearch: routesSearch,
  component: lazyPage(() => import("./pages/routes/RoutesPage"), "RoutesPage"),
});

const route = createRoute({
  getParentRoute: () => frame,
  path: "/routes/edit",
  validateSearch: routeSearch,
  component: lazyPage(() => import("./pages/routes/RouteEditorPage"), "RouteEditorPage"),
});

const guardrails = createRoute({
  getParentRoute: () => frame,
  path: "/guardrails",
  validateSearch: guardrailsSearch,
  component: lazyPage(() => import("./pages/guardrails/GuardrailsPage"), "GuardrailsPage"),
});

const keys = createRoute({
  getParentRoute: () => frame,
  path: "/keys",
  validateSearch: listSearch,
  component: lazyPage(() => import("./pages/keys/KeysPage"), "KeysPage"),
});

const teams = createRoute({
  getParentRoute: () => frame,
  path: "/teams",
  validateSearch: accountsSearch,
  component: lazyPage(() => import("./pages/teams/TeamsPage"), "TeamsPage"),
});

const cache = createRoute({
  getParentRoute: () => frame,
  path: "/cache",
  validateSearch: cacheSearch,
  component: lazyPage(() => import("./pages/cache/CachePage"), "CachePage"),
});

const playground = createRoute({
  getParentRoute: () => frame,
  path: "/playground",
  validateSearch: playgroundSearch,
  component: lazyPage(() => import("./pages/playground/PlaygroundPage"), "PlaygroundPage"),
});

const chat = createRoute({
  getParentRoute: () => frame,
  path: "/chat",
  validateSearch: chatSearch,
  component: lazyPage(() => import("./pages/chat/ChatPage"), "ChatPage"),
});

const balances = createRoute({
  getParentRoute: () => frame,
  path: "/balances",
  validateSearch: listSearch,
  component: lazyPage(() => import("./pages/balances/BalancesPage"), "BalancesPage"),
});

const dialogs = createRoute({
  getParentRoute: () => frame,
  path: "/dialogs",
  validateSearch: dialogsSearch,
  component: lazyPage(() => import("./pages/dialogs/DialogsPage"), "DialogsPage"),
});

const logs = createRoute({
  getParentRoute: () => frame,
  path: "/logs",
  validateSearch: logSearch,
  component: lazyPage(() => import("./pages/logs/LogsPage"), "LogsPage"),
});

const usage = createRoute({
  getParentRoute: () => frame,
  path: "/usage",
  validateSearch: usageSearch,
  component: lazyPage(() => import("./pages/usage/UsagePage"), "UsagePage"),
});

const log = createRoute({
  getParentRoute: () => logs,
  path: "$id",
  component: lazyPage(() => import("./pages/logs/LogDrawer"), "LogDrawer"),
});

const releases = createRoute({
  getParentRoute: () => frame,
  path: "/releases",
  validateSearch: releasesSearch,
  component: lazyPage(() => import("./pages/releases/ReleasesPage"), "ReleasesPage"),
});

const release = createRoute({
  getParentRoute: () => releases,
  path: "$hash",
  validateSearch: releaseSearch,
  component: lazyPage(() => import("./pages/releases/ReleaseDrawer"), "ReleaseDrawer"),
});

const audit = createRoute({
  getParentRoute: () => frame,
  path: "/audit",
  validateSearch: auditSearch,
  component: lazyPage(() => import("./pages/audit/AuditPage"), "AuditPage"),
});

const auditEntry = createRoute({
  getParentRoute: () => audit,
  path: "$id",
  component: lazyPage(() => import("./pages/audit/AuditDrawer"), "AuditDrawer"),
});

const settings = createRoute({
  getParentRoute: () => frame,
  path: "/settings",
  validateSearch: settingsSearch,
  component: lazyPage(() => import("./pages/settings/SettingsPage"), "SettingsPage"),
});

/** Any other address: said inside the frame, so that the way on is at hand. */
const other = createRoute({ getParentRoute: () => frame, path: "$", component: NotFound });

const tree = root.addChildren([
  login,
  register,
  frame.addChildren([
    overview,
    playground,
    chat,
    providers,
    models,
    routes,
    route,
    guardrails,
    keys,
    teams,
    balances,
    dialogs,
    cache,
    logs.addChildren([log]),
    usage,
    releases.addChildren([release]),
    audit.addChildren([auditEntry]),
    settings,
    other,
  ]),
]);

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
