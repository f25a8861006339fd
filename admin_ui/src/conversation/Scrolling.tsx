import { useEffect, useRef, type ReactNode } from "react";

/** Stays at the end while the conversation grows, unless somebody scrolled away from it. */
export function Scrolling({ turns, children }: { turns: number; children: ReactNode }) {
  const host = useRef<HTMLDivElement>(null);
  const inner = useRef<HTMLDivElement>(null);
  const atEnd = useRef(true);
  useEffect(() => {
    const page = document.documentElement;
    let height = page.scrollHeight;
    const grown = new ResizeObserver(() => {
      const element = host.current;
      if (element && atEnd.current) element.scrollTop = element.scrollHeight;
      // On a narrow screen the page scrolls, not the conversation.
      const wasAtEnd = window.scrollY + window.innerHeight > height - 120;
      if (wasAtEnd && page.scrollHeight > height) window.scrollTo(0, page.scrollHeight);
      height = page.scrollHeight;
    });
    if (inner.current) grown.observe(inner.current);
    return () => grown.disconnect();
  }, []);
  // Whoever sends wants to see what comes, wherever the page stands.
  const before = useRef(turns);
  useEffect(() => {
    const grew = turns > before.current;
    before.current = turns;
    if (!grew) return;
    atEnd.current = true;
    host.current?.scrollTo(0, host.current.scrollHeight);
    window.scrollTo(0, document.documentElement.scrollHeight);
  }, [turns]);
  return (
    <div
      className="talk-scroll"
      ref={host}
      onScroll={({ currentTarget: seen }) => {
        atEnd.current = seen.scrollHeight - seen.scrollTop - seen.clientHeight < 60;
      }}
    >
      <div ref={inner}>{children}</div>
    </div>
  );
}
