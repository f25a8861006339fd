import * as Radix from "@radix-ui/react-tabs";
import type { ReactNode } from "react";

interface Props {
  label: string;
  tabs: { id: string; label: string; content: ReactNode }[];
  /** Which one is open, where the page (its address) says so. */
  value?: string;
  onChange?: (id: string) => void;
}

/** Tabs over panels. */
export function Tabs({ label, tabs, value, onChange }: Props) {
  return (
    <Radix.Root defaultValue={tabs[0]?.id} value={value} onValueChange={onChange} className="stack tight">
      <div className="scroll">
        <Radix.List className="segments" aria-label={label}>
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
