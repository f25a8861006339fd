import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { act, renderHook } from "@testing-library/react";
import type { ReactNode } from "react";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Api } from "@/api/client";
import { ApiError } from "@/api/errors";
import { AppContext, type App } from "@/app-context";
import { useDeletion } from "./use-deletion";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** The hook in front of an API whose DELETE does `answer`. */
function deletion(answer: () => Promise<unknown> = () => Promise.resolve({})) {
  const DELETE = vi.fn<(path: string, init: object) => Promise<unknown>>(answer);
  const app = { api: { DELETE } as unknown as Api } as App;
  const queries = new QueryClient();
  const wrapper = ({ children }: { children: ReactNode }) => (
    <AppContext value={app}>
      <QueryClientProvider client={queries}>{children}</QueryClientProvider>
    </AppContext>
  );
  return { DELETE, ...renderHook(() => useDeletion(), { wrapper }) };
}

test("a dialog is out of sight at once, and gone when the time for the undo has passed", async () => {
  const { DELETE, result } = deletion();
  act(() => result.current.remove("dlg_1", "Plans"));
  expect([...result.current.hidden]).toEqual(["dlg_1"]);
  await act(() => vi.advanceTimersByTimeAsync(5000));
  expect(DELETE).not.toHaveBeenCalled();
  await act(() => vi.advanceTimersByTimeAsync(1000));
  expect(DELETE).toHaveBeenCalledTimes(1);
});

test("leaving the page carries out what was waiting, once, also while the browser leaves it", () => {
  const { DELETE, result, unmount } = deletion();
  act(() => result.current.remove("dlg_1", "Plans"));
  window.dispatchEvent(new Event("pagehide"));
  unmount();
  expect(DELETE).toHaveBeenCalledTimes(1);
  expect(DELETE.mock.calls[0]?.[1]).toMatchObject({ params: { path: { id: "dlg_1" } }, keepalive: true });
});

test("what could not be deleted comes back into sight; what was gone already does not", async () => {
  const refused = deletion(() => Promise.reject(new ApiError(503, "x", "Later.")));
  act(() => refused.result.current.remove("dlg_1", "Plans"));
  await act(() => vi.advanceTimersByTimeAsync(6000));
  expect(refused.result.current.hidden.size).toBe(0);
  const gone = deletion(() => Promise.reject(new ApiError(404, "NOT_FOUND", "None.")));
  act(() => gone.result.current.remove("dlg_1", "Plans"));
  await act(() => vi.advanceTimersByTimeAsync(6000));
  expect(gone.result.current.hidden.size).toBe(1);
});
