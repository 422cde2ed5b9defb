/**
 * Every command as it is declared, with every kind of mistake, made in every way: exit code, one sentence, nothing begun.
 * e2e/commands shows that the processes of `noema` end as this says.
 */
import { afterEach, describe, expect, it, vi } from "vitest";
import { type Declared, isGroup, JUNK, kindOf } from "../bin/command-tree.ts";
import { COMMANDS } from "../bin/commands.mjs";
import { root } from "../bin/installation.mjs";
import { perform } from "../bin/perform.mjs";
import { argumentsFor, type Ended, expectSentence, HELP, tree, valued } from "./testing/walk.ts";

const BEGUN = "its action has begun";

function disarm(command: Declared["command"]): Declared["command"] {
  if (!isGroup(command))
    command.action(() => {
      throw new Error(BEGUN);
    });
  for (const sub of command.commands) disarm(sub);
  return command;
}

afterEach(() => vi.restoreAllMocks());

/** As the launcher runs it, but for what it would do. */
async function attempt([name = "", ...args]: readonly string[]): Promise<Ended> {
  const written = { stdout: "", stderr: "" };
  for (const stream of ["stdout", "stderr"] as const)
    vi.spyOn(process[stream], "write").mockImplementation((text) => {
      written[stream] += text;
      return true;
    });
  const module = await import(new URL(`../${COMMANDS[name]?.file}`, import.meta.url).href);
  const code = await perform(name, { ...module, command: () => disarm(module.command()) }, args, root);
  vi.restoreAllMocks();
  return { code, ...written };
}

/** Without its last letter but one. */
const misspelt = (word: string) => word.slice(0, -2) + word.slice(-1);

it("would see that a command had begun", async () => {
  expect(await attempt(["ps"])).toMatchObject({ code: 1, stderr: expect.stringContaining(BEGUN) });
});

describe.each(tree)("noema $name", ({ path, name, command, elsewhere }) => {
  it.each(["--help", "-h"])("helps by %s and does nothing", async (flag) => {
    const { code, stdout, stderr } = await attempt([...path, flag]);
    expect([code, stderr]).toEqual([0, ""]);
    expect(stdout).toMatch(HELP);
    expect(stdout).toContain(`-- ${name} `);
    expect(stdout).not.toMatch(/default: (false|[^)]*\/\.\.)/);
  });

  it("refuses unknown and misspelt flags", async () => {
    expectSentence(await attempt([...path, "--no-such-flag"]), name, 2, "unknown option '--no-such-flag'");
    const long = command.options.find((x) => (x.long?.length ?? 0) > 5)?.long;
    if (long) {
      const outcome = await attempt([...path, misspelt(long)]);
      expectSentence(outcome, name, 2, "did you mean ");
      expect(outcome.stderr).toContain(long);
    }
    for (const [flag, sentence] of Object.entries(elsewhere)) expectSentence(await attempt([...path, flag]), name, 2, sentence);
  });

  it("refuses missing, unknown and surplus words", async () => {
    if (isGroup(command)) {
      const sub = command.commands[0]?.name() as string;
      expect(await attempt(path)).toMatchObject({ code: 2, stdout: "", stderr: expect.stringMatching(HELP) });
      expectSentence(await attempt([...path, misspelt(sub)]), name, 2, `did you mean ${sub}?`);
      return;
    }
    const given = argumentsFor(command);
    const mandatory = command.options.filter((x) => x.mandatory);
    if (given.length > 0 || mandatory.length > 0) expectSentence(await attempt(path), name, 2, "missing");
    const flags = mandatory.flatMap((x) => [x.long as string, kindOf(x.flags) === "number" ? "1" : "x"]);
    if (command.registeredArguments.some((x) => x.variadic)) return;
    expectSentence(await attempt([...path, ...flags, ...given, "surplus"]), name, 2, "too many arguments");
  });
});

// Names that have no parser are looked up by an action: e2e/commands.
it.each(valued)("noema $name $long refuses no value and bad ones", async ({ path, name, command, option, long, kind }) => {
  const given = argumentsFor(command);
  if (!option.optional) expectSentence(await attempt([...path, ...given, long]), name, 2, "argument missing");
  for (const text of ["", ...(kind === "name" && option.parseArg === undefined ? [] : JUNK[kind])])
    expectSentence(await attempt([...path, ...given, `${long}=${text}`]), name, 2, long);
});
