import { onPage } from "../support/steps.mjs";

export function register(test, world) {
  test("the cache page says what came from providers' caches, or teaches how to get there; its time is in the address", async () => {
    await onPage(world, async (page) => {
      await page.goto("/cache");
      const figures = page.getByText("Input served from cache");
      const lesson = page.getByText("No provider found anything in its cache");
      await figures.or(lesson).first().waitFor();
      if (await lesson.isVisible()) await page.getByText("What stays the same goes first:").waitFor();
      else await page.getByRole("table", { name: "Cache by model and provider" }).waitFor();
      await page.getByRole("radio", { name: "30 days" }).click();
      await page.waitForURL(/\/cache\?range=30d/);
    });
  });
}
