import { fileURLToPath } from "node:url";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";

const local = (path: string) => fileURLToPath(new URL(path, import.meta.url));

export default defineConfig({
  plugins: [react()],
  resolve: {
    alias: {
      "@": local("./src"),
      // Radix locks page scrolling with this package, which injects <style> elements; our CSP (style-src 'self') refuses those.
      "react-remove-scroll": local("./src/ui/scroll-lock.tsx"),
    },
  },
  build: {
    target: "es2022",
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 800,
  },
  server: {
    port: 5173,
    proxy: Object.fromEntries(
      ["/api", "/v1", "/v1beta", "/health"].map((path) => [path, process.env.GATEWAY_URL ?? "http://127.0.0.1:8000"]),
    ),
  },
  test: {
    environment: "jsdom",
    // One window for all files: making one for each took nine tenths of the time. What a test leaves behind is its own to remove.
    isolate: false,
    include: ["src/**/*.test.{ts,tsx}"],
    setupFiles: ["./src/test-setup.ts"],
    restoreMocks: true,
    // Bundled, so that the alias above holds inside Radix as well.
    server: { deps: { inline: [/@radix-ui/] } },
  },
});
