/** One server-sent event; `event` is "message" when the stream names none. */
export interface SseEvent {
  event: string;
  data: string;
}

/**
 * Server-sent events out of bytes, however they are cut. Line ends may be LF, CRLF or CR; comments, ids and retry times are read and left.
 * An event without its empty line never came. https://html.spec.whatwg.org/multipage/server-sent-events.html#event-stream-interpretation
 */
export class SseReader {
  // It keeps the half of a character that a cut leaves, and drops a byte order mark.
  readonly #decoder = new TextDecoder("utf-8");
  #line = "";
  #afterCr = false;
  #event = "";
  #data: string[] = [];

  /** The events that are whole with these bytes. */
  feed(bytes: Uint8Array): SseEvent[] {
    return this.#read(this.#decoder.decode(bytes, { stream: true }));
  }

  #read(text: string): SseEvent[] {
    const events: SseEvent[] = [];
    let from = 0;
    for (let at = 0; at < text.length; at += 1) {
      const char = text[at];
      const afterCr = this.#afterCr;
      this.#afterCr = char === "\r";
      if (char === "\n" && afterCr) {
        from = at + 1;
        continue;
      }
      if (char !== "\n" && char !== "\r") continue;
      const event = this.#take(this.#line + text.slice(from, at));
      this.#line = "";
      from = at + 1;
      if (event) events.push(event);
    }
    this.#line += text.slice(from);
    return events;
  }

  #take(line: string): SseEvent | undefined {
    if (line === "") return this.#dispatch();
    const colon = line.indexOf(":");
    const name = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? "" : line.slice(colon + (line[colon + 1] === " " ? 2 : 1));
    if (name === "event") this.#event = value;
    else if (name === "data") this.#data.push(value);
    return undefined;
  }

  #dispatch(): SseEvent | undefined {
    const event = this.#data.length > 0 ? { event: this.#event || "message", data: this.#data.join("\n") } : undefined;
    this.#event = "";
    this.#data = [];
    return event;
  }
}

/** The events of a text that was recorded. */
export const sseEvents = (text: string): SseEvent[] => new SseReader().feed(new TextEncoder().encode(text));
