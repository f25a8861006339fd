import type { Answer, Counts, Part } from "./model";

type Grown = "text" | "thought";

/** An answer that is being put together, part by part; parts keep the order in which they began. */
export class AnswerDraft {
  readonly #parts: Part[] = [];
  readonly #places = new Map<string, number>();
  #rest: Omit<Answer, "parts"> = { ended: false };

  /** A part as far as it is known; one of the same place is replaced. */
  put(place: string, part: Part): void {
    const at = this.#places.get(place);
    if (at === undefined) {
      this.#places.set(place, this.#parts.length);
      this.#parts.push(part);
    } else this.#parts[at] = part;
  }

  get(place: string): Part | undefined {
    return this.#parts[this.#places.get(place) ?? -1];
  }

  /** More of a text or a thought. */
  grow(place: string, kind: Grown, more: string): void {
    const before = this.get(place);
    const text = before?.kind === kind ? before.text : "";
    if (text + more !== "" || before) this.put(place, { kind, text: text + more });
  }

  /** More of what a call is given. */
  growCall(place: string, call: { id?: string; name?: string; input?: string }): void {
    const before = this.get(place);
    const old = before?.kind === "call" ? before : { kind: "call" as const, name: "", input: "" };
    this.put(place, {
      ...old,
      id: call.id ?? old.id,
      name: old.name + (call.name ?? ""),
      input: old.input + (call.input ?? ""),
    });
  }

  /** The parts at the end of the list, whatever was said before. */
  replace(parts: readonly Part[]): void {
    this.#places.clear();
    this.#parts.splice(0, this.#parts.length, ...parts);
  }

  last(): Part | undefined {
    return this.#parts.at(-1);
  }

  get size(): number {
    return this.#parts.length;
  }

  set(facts: Partial<Omit<Answer, "parts">>): void {
    const given = Object.entries(facts as Record<string, unknown>).filter(([, value]) => value !== undefined);
    this.#rest = { ...this.#rest, ...Object.fromEntries(given) };
  }

  /** Counts may come in pieces: the later one counts. */
  count(counts: Counts): void {
    const given = Object.entries(counts as Record<string, unknown>).filter(([, value]) => value !== undefined);
    this.set({ counts: { ...this.#rest.counts, ...Object.fromEntries(given) } });
  }

  done(): Answer {
    return { ...this.#rest, parts: this.#parts.filter((part) => part.kind !== "text" || part.text !== "") };
  }
}
