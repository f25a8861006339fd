// Runs before the first paint so that a chosen theme does not flash. A file, not an inline script: the CSP allows only script-src 'self'.
(function () {
  var choice = null;
  try {
    choice = localStorage.getItem("gateway.theme");
  } catch {
    // Storage may be blocked; the system's theme is then used.
  }
  var dark = choice === "dark" || (choice !== "light" && matchMedia("(prefers-color-scheme: dark)").matches);
  document.documentElement.dataset.theme = dark ? "dark" : "light";
})();
