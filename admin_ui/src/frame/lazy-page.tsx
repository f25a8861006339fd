import { lazyRouteComponent } from "@tanstack/react-router";
import { useEffect, useState, type ComponentType } from "react";
import { Loading, NotLoaded } from "./states";

type Load = () => Promise<ComponentType>;

/**
 * A page whose code comes when it is first opened. When the code cannot be had, the app stays and says so in the page's place: the router's own
 * answer is to load the document anew, which ends in the browser's error page while the gateway is away.
 */
export function lazyPage<Name extends string>(load: () => Promise<Record<Name, ComponentType>>, name: Name) {
  const page: Load = async () => (await load())[name];
  return lazyRouteComponent(async () => ({ default: await page().catch(() => () => <Late load={page} />) }));
}

/** A page whose code did not come: asks once more at its start (the failure may be that of a preload), then whenever somebody says so. */
function Late({ load }: { load: Load }) {
  const [state, setState] = useState<{ Page?: ComponentType; busy: boolean }>({ busy: true });
  const [times, setTimes] = useState(0);
  useEffect(() => {
    let here = true;
    void askedAgain(load, times > 0).then((Page) => here && setState({ Page, busy: false }));
    return () => {
      here = false;
    };
  }, [load, times]);
  const retry = () => {
    setState({ busy: true });
    setTimes(times + 1);
  };
  if (state.Page) return <state.Page />;
  return state.busy ? <Loading /> : <NotLoaded retry={retry} />;
}

/**
 * The page, or undefined. Leaves for the version of the dashboard that is served now when it is another one, by itself only once. A browser may
 * keep the failure of an import until the document is loaded anew: that is done where somebody asks for it and there is something to load.
 */
async function askedAgain(load: Load, byHand: boolean): Promise<ComponentType | undefined> {
  const page = await load().catch(() => undefined);
  if (page) return page;
  const served = await versionServed();
  const leave = byHand ? served !== undefined : served === "other" && isFirst();
  if (!leave) return undefined;
  location.reload();
  return new Promise(() => undefined);
}

const ownScript = () => document.querySelector<HTMLScriptElement>('script[type="module"][src]')?.getAttribute("src");

/** Whether the dashboard that is served now is the one that runs here; undefined when nothing answers. */
async function versionServed(): Promise<"same" | "other" | undefined> {
  try {
    const answer = await fetch("/", { cache: "no-store" });
    if (!answer.ok) return undefined;
    const text = await answer.text();
    if (!text.includes('id="root"')) return undefined;
    const script = ownScript();
    return !script || text.includes(`"${script}"`) ? "same" : "other";
  } catch {
    return undefined;
  }
}

const place = "gateway.reloaded";

/** Whether this version was not yet left for a newer one in this tab: a reload that leads back to it is not tried again. */
function isFirst(): boolean {
  const script = ownScript() ?? "";
  if (sessionStorage.getItem(place) === script) return false;
  sessionStorage.setItem(place, script);
  return true;
}
