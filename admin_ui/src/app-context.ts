import { createContext, useContext, useSyncExternalStore } from "react";
import type { AuthorizedFetch } from "./api/authorized";
import type { Api } from "./api/client";
import type { Session, SessionStore } from "./api/session";
import type { Config } from "./config";

/** What main.tsx builds once and every page uses. */
export interface App {
  api: Api;
  /** For what the typed client cannot read: answers that stream. */
  fetch: AuthorizedFetch;
  config: Config;
  session: SessionStore;
}

export const AppContext = createContext<App | null>(null);

export function useApp(): App {
  const app = useContext(AppContext);
  if (!app) throw new Error("AppContext is missing");
  return app;
}

export function useSession(): Session | null {
  const { session } = useApp();
  return useSyncExternalStore(session.subscribe, session.get);
}
