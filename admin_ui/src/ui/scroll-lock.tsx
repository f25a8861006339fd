// Stands in for the package `react-remove-scroll` (see vite.config.ts): same export, no injected <style>, so that style-src 'self' holds.
import { useEffect, type ElementType, type ReactNode, type RefObject } from "react";

const attribute = "data-scroll-locked";

interface Props {
  as?: ElementType;
  allowPinchZoom?: boolean;
  shards?: RefObject<HTMLElement | null>[];
  enabled?: boolean;
  children?: ReactNode;
}

/** Keeps the page behind an overlay from scrolling; overlays may nest, so the body counts them. */
export function RemoveScroll({ as: Host = "div", enabled = true, children }: Props) {
  useEffect(() => {
    if (!enabled) return;
    const change = (by: number) => {
      const left = Number(document.body.getAttribute(attribute) ?? 0) + by;
      if (left > 0) document.body.setAttribute(attribute, String(left));
      else document.body.removeAttribute(attribute);
    };
    change(1);
    return () => change(-1);
  }, [enabled]);
  return <Host>{children}</Host>;
}
