/** What is wrong with a user name, said when leaving the field; the API has the last word. */
export function nameProblem(name: string): string | undefined {
  const text = name.trim();
  if (text === "" || /^[A-Za-z0-9._@+-]{1,64}$/.test(text)) return undefined;
  return "Only letters, digits and . _ @ + - fit, without spaces.";
}
