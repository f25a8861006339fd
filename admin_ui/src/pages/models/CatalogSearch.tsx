import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useDeferredValue, useState } from "react";
import { catalogQuery } from "@/api/queries";
import type { CatalogEntry } from "@/api/types";
import { useApp } from "@/app-context";
import { windowSize } from "@/format/numbers";
import { priceByPiece } from "@/format/prices";
import { Combobox } from "@/ui/Combobox";
import { Field } from "@/ui/Field";

interface Props {
  /** Only models of this kind of provider. */
  kind: string | undefined;
  onPick: (entry: CatalogEntry) => void;
}

/** Window and price of a catalog entry, in short. */
export const catalogNote = (entry: CatalogEntry) =>
  `${entry.context_window ? `${windowSize(entry.context_window)} · ` : ""}${
    entry.price ? (priceByPiece(entry.price) ?? `$${entry.price.input} / $${entry.price.output}`) : "no price"
  }`;

/** A search over the known models of a vendor; choosing one fills in the form. */
export function CatalogSearch({ kind, onPick }: Props) {
  const { api } = useApp();
  const [text, setText] = useState("");
  const q = useDeferredValue(text.trim());
  const found = useQuery({ ...catalogQuery(api, q, kind), placeholderData: keepPreviousData }).data ?? [];
  const hint =
    kind && q && found.length === 0
      ? "Not in the catalog: fill in the fields by hand."
      : "Fills in names, window and price; every field can be changed.";
  return (
    <Field label="Catalog" hint={hint}>
      {(field) => (
        <Combobox
          {...field}
          search
          text={text}
          onText={setText}
          listLabel="Catalog models"
          placeholder="Search, for example 4o-mini or haiku"
          options={found.map((entry) => ({ value: entry.upstream_model, note: catalogNote(entry), entry }))}
          onPick={({ value, entry }) => {
            setText(value);
            onPick(entry);
          }}
        />
      )}
    </Field>
  );
}
