import { Link } from "@tanstack/react-router";
import { CloudOff, Compass, Lock, OctagonX, RotateCw } from "lucide-react";
import { useEffect } from "react";
import type { PageEntry } from "./pages";
import { buttonClass, Button } from "@/ui/Button";
import { Empty, Skeleton } from "@/ui/Page";

/** While a page's code is on its way. */
export const Loading = () => (
  <div className="page" aria-busy>
    <Skeleton width={24} height={28} />
    <Skeleton width={48} />
  </div>
);

export function NotFound() {
  useEffect(() => {
    document.title = "No such page · LLM gateway";
  }, []);
  return (
    <Empty
      icon={Compass}
      title="There is no such page"
      action={
        <Link to="/" className={buttonClass({ tone: "primary" })}>
          Go to the overview
        </Link>
      }
    >
      The address may be mistyped, or the page belongs to another version of the dashboard.
    </Empty>
  );
}

/** A page that the role may not see: said in words, not as an error. */
export const NotAllowed = ({ first }: { first: PageEntry["to"] | undefined }) => (
  <Empty
    icon={Lock}
    title="Your role does not allow this page"
    action={
      first && (
        <Link to={first} className={buttonClass({ tone: "primary" })}>
          Go to what you may see
        </Link>
      )
    }
  >
    An administrator decides who may see what. Ask one if you need this page.
  </Empty>
);

/** A page's code could not be had: the gateway is away, or something is between. */
export const NotLoaded = ({ retry }: { retry: () => void }) => (
  <Empty
    icon={CloudOff}
    title="This page could not be loaded"
    action={
      <Button tone="primary" icon={RotateCw} onClick={retry}>
        Try again
      </Button>
    }
  >
    The gateway did not send it. Pages that were open before still work.
  </Empty>
);

/** A page broke. Nothing is lost on the server: the person may load it again. */
export const Crash = ({ error }: { error: unknown }) => (
  <Empty
    icon={OctagonX}
    title="This page stopped working"
    action={
      <Button tone="primary" onClick={() => location.reload()}>
        Reload
      </Button>
    }
  >
    {error instanceof Error && error.message ? error.message : "An unexpected error."} Nothing was changed in the
    gateway.
  </Empty>
);
