/** Gives a file to the browser, under a name. */
export function download(blob: Blob, name: string): void {
  const url = URL.createObjectURL(blob);
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  document.body.append(link);
  link.click();
  link.remove();
  // Firefox begins to read after the click.
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
