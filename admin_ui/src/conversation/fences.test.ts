import { expect, test } from "vitest";
import { fenced } from "./fences";

const prose = (text: string) => ({ code: false, word: "", text });
const code = (word: string, text: string) => ({ code: true, word, text });

test.each([
  ["no fence `at` all", [prose("no fence `at` all")]],
  ["a\n```python\nprint(1)\n\n```\nb", [prose("a"), code("python", "print(1)\n"), prose("b")]],
  ["```\nstill comes", [code("", "still comes")]],
  ["```", [code("", "")]],
  ["````\n```\n````", [code("", "```")]],
  ["~~~ js title\n```\n~~~\n", [code("js", "```"), prose("")]],
  ["```not `a fence", [prose("```not `a fence")]],
])("%j", (text, stretches) => {
  expect(fenced(text)).toEqual(stretches);
});
