/** What every command declares; mistakes.test.ts and, in real processes, e2e/commands walk the same list. */
import { existsSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { commandTree, JUNK, kindOf, takesValue } from "../bin/command-tree.ts";
import { COMMANDS } from "../bin/commands.mjs";

const tree = await commandTree();
const options = tree.flatMap(({ path, command }) =>
  command.options.map((option) => ({ name: `${path.join(" ")} ${option.long}`, option })),
);

test("the table names modules that exist, and says whom each command is for", () => {
  for (const [name, { file, about, group }] of Object.entries(COMMANDS)) {
    expect(existsSync(new URL(`../${file}`, import.meta.url)), file).toBe(true);
    expect([name, about.length > 0, about.length < 60]).toEqual([name, true, true]);
    expect(["Developer", "Validator", "Benchmarker", "Contributor"]).toContain(group);
  }
});

test("what npm starts takes the place of its shell, so that it hears a signal that npm alone gets", () => {
  const { scripts } = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8")) as { scripts: Record<string, string> };
  const started = Object.entries(scripts).filter(([name, line]) => line.includes("bin/noema.mjs") && !name.startsWith("pre"));
  expect(started.filter(([, line]) => !line.startsWith("exec "))).toEqual([]);
  expect(started.map(([name]) => name)).toContain("noema");
});

test("every command, argument and option is described", () => {
  for (const { path, command } of tree) {
    expect(command.name(), path.join(" ")).toBe(path.at(-1));
    for (const x of [command.description(), ...command.registeredArguments.map((a) => a.description)])
      expect(x, path.join(" ")).not.toBe("");
  }
  for (const { name, option } of options) expect(option.description, name).not.toBe("");
});

test.each(options.filter((x) => takesValue(x.option)))("$name takes what it is for and nothing else", ({ option }) => {
  const kind = kindOf(option.flags);
  expect(kind, "a placeholder that the walk does not know: add it to bin/command-tree.ts").not.toBe("unknown");
  const { parseArg } = option;
  if (kind === "number" || kind === "url") expect(parseArg, "no parser").toBeDefined();
  if (parseArg === undefined) return;
  if (option.defaultValue !== undefined) expect(parseArg(String(option.defaultValue), undefined as never)).toEqual(option.defaultValue);
  for (const text of JUNK[kind]) expect(() => parseArg(text, undefined as never), text).toThrow();
});

test("flags of other tools are not ours, and each is answered by a sentence", () => {
  for (const { command, elsewhere } of tree) {
    const ours = command.options.flatMap((x) => [x.long, x.short]);
    for (const [flag, sentence] of Object.entries(elsewhere)) {
      expect(ours).not.toContain(flag);
      expect(flag).toMatch(/^-/);
      expect(sentence.length, flag).toBeGreaterThan(10);
    }
  }
});
