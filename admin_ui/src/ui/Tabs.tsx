import * as Radix from "@radix-ui/react-tabs";
import { useEffect, useRef, type ReactNode } from "react";

interface Props {
  label: string;
  tabs: { id: string; label: string; content: ReactNode }[];
  /** Which one is open, where the page (its address) says so. */
  value?: string;
  onChange?: (id: string) => void;
}

/** Tabs over panels. */
export function Tabs({ label, tabs, value, onChange }: Props) {
  const list = useRef<HTMLDivElement>(null);
  // Where they do not all fit, the open one must be in sight.
  useEffect(() => {
    const open = list.current?.querySelector<HTMLElement>("[data-state=active]");
    if (!list.current || !open) return;
    list.current.scrollLeft = open.offsetLeft - (list.current.clientWidth - open.offsetWidth) / 2;
  }, [value]);
  return (
    <Radix.Root defaultValue={tabs[0]?.id} value={value} onValueChange={onChange} className="stack tight">
      <div className="row">
        <Radix.List className="segments" aria-label={label} ref={list}>
          {tabs.map((tab) => (
            <Radix.Trigger key={tab.id} value={tab.id}>
              {tab.label}
            </Radix.Trigger>
          ))}
        </Radix.List>
      </div>
      {tabs.map((tab) => (
        <Radix.Content key={tab.id} value={tab.id} tabIndex={-1}>
          {tab.content}
        </Radix.Content>
      ))}
    </Radix.Root>
  );
}
