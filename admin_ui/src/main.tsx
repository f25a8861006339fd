import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { authorized } from "./api/authorized";
import { createApi } from "./api/client";
import { ApiError } from "./api/errors";
import { Refresher } from "./api/refresh";
import { SessionStore } from "./api/session";
import { AppContext, type App } from "./app-context";
import { loadConfig } from "./config";
import { followSystem } from "./frame/theme";
import { createAppRouter } from "./router";
import "./styles/index.css";
import { Toasts } from "./ui/Toasts";
import { TooltipProvider } from "./ui/Tooltip";

/** A request the API refused will be refused again; only failures of the way there are worth a second try. */
const worthRetrying = (failures: number, error: Error) =>
  failures < 2 && (!(error instanceof ApiError) || error.status === 0 || error.status >= 500);

async function start(root: HTMLElement) {
  const config = await loadConfig();
  const session = new SessionStore(localStorage);
  const origin = config.apiBase || location.origin;
  // One for both: they must not replace the same token at once.
  const refresher = new Refresher(origin, session);
  const app: App = {
    config,
    session,
    api: createApi(config.apiBase, session, refresher),
    fetch: authorized(origin, session, refresher),
  };
  const queries = new QueryClient({
    defaultOptions: { queries: { retry: worthRetrying, staleTime: 5000, refetchOnWindowFocus: true } },
  });
  const router = createAppRouter(app);
  // A token that has ended, here or in another tab, leads to the login and back again.
  session.subscribe(() => {
    if (!session.get()) queries.clear();
    void router.invalidate();
  });
  followSystem();
  createRoot(root).render(
    <StrictMode>
      <AppContext value={app}>
        <QueryClientProvider client={queries}>
          <TooltipProvider delayDuration={300}>
            <Toasts>
              <RouterProvider router={router} />
            </Toasts>
          </TooltipProvider>
        </QueryClientProvider>
      </AppContext>
    </StrictMode>,
  );
}

const root = document.getElementById("root");
if (root) void start(root);
