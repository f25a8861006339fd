/** At most one telling per frame, so that fast streams do not stall the page; the last one always comes, and so does every end. */
export function paced<T extends { state: string }>(tell: (told: T) => void): (told: T) => void {
  let next: T | undefined;
  return (told) => {
    const waits = next !== undefined;
    next = told;
    if (told.state !== "running") {
      next = undefined;
      tell(told);
    } else if (!waits) {
      requestAnimationFrame(() => {
        if (next) tell(next);
        next = undefined;
      });
    }
  };
}
