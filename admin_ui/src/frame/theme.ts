import { useSyncExternalStore } from "react";

/** The theme: what the person chose, or the system's. `public/theme.js` applies it before the first paint. */
export type Theme = "system" | "light" | "dark";

const place = "gateway.theme";
const listeners = new Set<() => void>();

function subscribe(tell: () => void): () => void {
  listeners.add(tell);
  return () => listeners.delete(tell);
}
const system = () => window.matchMedia("(prefers-color-scheme: dark)");

export function readTheme(): Theme {
  const value = localStorage.getItem(place);
  return value === "light" || value === "dark" ? value : "system";
}

export function applyTheme(theme: Theme): void {
  const dark = theme === "dark" || (theme === "system" && system().matches);
  document.documentElement.dataset.theme = dark ? "dark" : "light";
}

export function chooseTheme(theme: Theme): void {
  if (theme === "system") localStorage.removeItem(place);
  else localStorage.setItem(place, theme);
  applyTheme(theme);
  for (const tell of listeners) tell();
}

/** The theme that is chosen, and the way to choose another; every place that shows it hears of a change. */
export function useTheme(): [Theme, (theme: Theme) => void] {
  return [useSyncExternalStore(subscribe, readTheme), chooseTheme];
}

/** Follows the system while no theme is chosen. */
export function followSystem(): () => void {
  const query = system();
  const change = () => applyTheme(readTheme());
  query.addEventListener("change", change);
  return () => query.removeEventListener("change", change);
}
