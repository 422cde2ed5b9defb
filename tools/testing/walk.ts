/** What the walks of all commands share: what there is, what an argument may be, how a refusal reads. */
import { join } from "node:path";
import { expect } from "vitest";
import { commandTree, type Declared, kindOf, requiredArguments, takesValue } from "../../bin/command-tree.ts";

export type Ended = { code: number; stdout: string; stderr: string };

export const tree = (await commandTree()).map((x) => ({ ...x, name: x.path.join(" ") }));
export const valued = tree.flatMap(({ path, name, command }) =>
  command.options
    .filter(takesValue)
    .map((option) => ({ path, name, command, option, long: option.long as string, kind: kindOf(option.flags) })),
);

export const HELP = /^Usage: npm run noema -- /;

/** What a required argument may be; only who asks for a URL gets as far as looking at it. */
const HASH = `0x${"11".repeat(32)}`;
const ARGUMENTS: Record<string, string> = {
  file: import.meta.filename,
  files: import.meta.filename,
  path: import.meta.filename,
  folder: join(import.meta.dirname, "none"),
  id: HASH,
  tx: HASH,
};

/** One for each that the command requires. */
export function argumentsFor(command: Declared["command"]): string[] {
  return requiredArguments(command).map((x) => {
    const text = ARGUMENTS[x.name()];
    if (text === undefined) throw new Error(`an argument that the walk does not know: ${x.name()}`);
    return text;
  });
}

/** One sentence that names the command, and no stack. */
export function expectSentence({ code, stdout, stderr }: Ended, path: string, exit: 1 | 2, words = ""): void {
  const prefix = `noema${path && ` ${path}`}: `;
  expect({ code, stdout, stderr }).toEqual({ code: exit, stdout: "", stderr: expect.stringContaining(words) });
  expect(stderr.startsWith(prefix), stderr).toBe(true);
  expect(stderr.trimEnd().split("\n"), stderr).toHaveLength(1);
  expect(stderr).not.toMatch(/file:\/\/|\bat .+:\d+:\d+|not foreseen|undefined|\[object/);
}
