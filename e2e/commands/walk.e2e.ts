/**
 * Every command as it is declared, with every kind of mistake, in real processes: exit code, one sentence, nothing started. Of ways
 * to make the same mistake at one place one is taken by chance; NOEMA_WALK=all takes all.
 */
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { commandTree, isGroup, JUNK, kindOf, requiredArguments, takesValue } from "../../bin/command-tree.ts";
import { COMMANDS } from "../../bin/commands.mjs";
import { createSeededRandom } from "../harness/random.ts";
import { DEAD_URL, expectSentence, run, withTakenPort } from "./run.ts";

const tree = (await commandTree()).map((x) => ({ ...x, name: x.path.join(" ") }));
const valued = tree.flatMap(({ path, name, command }) =>
  command.options
    .filter(takesValue)
    .map((option) => ({ path, name, command, option, long: option.long as string, kind: kindOf(option.flags) })),
);
const HELP = /^Usage: npm run noema -- /;
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

const random = createSeededRandom("walk");
const someOf = <T>(ways: T[]): T[] => (process.env.NOEMA_WALK === "all" ? ways : ways.slice(random.below(ways.length)).slice(0, 1));

/** Without its last letter but one. */
const misspelt = (word: string) => word.slice(0, -2) + word.slice(-1);

beforeAll(() => run(["devnet", "--help"])); // the bundle is made once, not by each beside the others

describe.concurrent("noema", () => {
  it("lists what there is, for whom", async () => {
    for (const args of [["--help"], ["-h"], ["help"]]) {
      const { code, stdout, stderr } = await run(args);
      expect([code, stderr]).toEqual([0, ""]);
      expect(stdout).toMatch(HELP);
      for (const [name, { about, group }] of Object.entries(COMMANDS)) {
        expect(stdout).toMatch(new RegExp(`^  ${name} +${about}$`, "m"));
        expect(stdout).toContain(`${group}:\n`);
      }
    }
  });

  it("says its version", async () => {
    for (const flag of ["--version", "-V"])
      expect(await run([flag])).toMatchObject({ code: 0, stderr: "", stdout: expect.stringMatching(/^noema \d+\.\d+\.\d+ \(.*Node 2\d/) });
  });

  it("shows its help for no command, and fails", async () => {
    expect(await run([])).toMatchObject({ code: 2, stdout: "", stderr: expect.stringMatching(HELP) });
  });

  it("refuses a variable by name, unless a flag says it", async () => {
    const variables = { NOEMA_DEVNET_VALIDATORS: "99", NOEMA_RPC_PORT: "70000" };
    expectSentence(
      await run(["devnet"], variables),
      "devnet",
      1,
      "NOEMA_DEVNET_VALIDATORS=99: an integer from 1 to 16 is expected (CONFIG_INVALID)",
    );
    const [file, sentence] = [["--config", "absent.json"], "NOEMA_RPC_PORT=70000: an integer from 0 to 65535 is expected (CONFIG_INVALID)"];
    expectSentence(await run(["start", ...file], variables), "start", 1, sentence);
    expectSentence(await run(["start", ...file, "--rpc-port", "1"], variables), "start", 1, "FILE_UNREADABLE");
  });

  it("knows what was meant", async () => {
    expectSentence(await run(["devnt"]), "", 2, "did you mean devnet?");
    expectSentence(await run(["devnt", "--help"]), "", 2, "did you mean devnet?");
    expectSentence(await run(["help", "devnt"]), "", 2, "did you mean devnet?");
    expectSentence(await run(["no-such-command"]), "", 2, "unknown command 'no-such-command'");
    expectSentence(await run(["constructor"]), "", 2, "unknown command");
    expectSentence(await run(["--no-such-flag"]), "", 2, "unknown option '--no-such-flag'");
  });
});

describe.concurrent.each(tree)("noema $name", ({ path, name, command, elsewhere }) => {
  it("helps and does nothing", async () => {
    for (const args of someOf([
      [...path, "--help"],
      [...path, "-h"],
      ["help", ...path],
    ])) {
      const { code, stdout, stderr } = await run(args);
      expect([code, stderr]).toEqual([0, ""]);
      expect(stdout).toMatch(HELP);
      expect(stdout).toContain(`-- ${name} `);
      expect(stdout).not.toMatch(/default: (false|[^)]*\/\.\.)/);
    }
  });

  it("refuses unknown and misspelt flags", async () => {
    expectSentence(await run([...path, "--no-such-flag"]), name, 2, "unknown option '--no-such-flag'");
    const long = command.options.find((x) => (x.long?.length ?? 0) > 5)?.long;
    if (long) {
      const outcome = await run([...path, misspelt(long)]);
      expectSentence(outcome, name, 2, "did you mean ");
      expect(outcome.stderr).toContain(long);
    }
    for (const [flag, sentence] of Object.entries(elsewhere).slice(0, 3)) expectSentence(await run([...path, flag]), name, 2, sentence);
  });

  it("refuses missing, unknown and surplus words", async () => {
    if (isGroup(command)) {
      const sub = command.commands[0]?.name() as string;
      expect(await run(path)).toMatchObject({ code: 2, stdout: "", stderr: expect.stringMatching(HELP) });
      expectSentence(await run([...path, misspelt(sub)]), name, 2, `did you mean ${sub}?`);
      return;
    }
    const given = requiredArguments(command).map((x) => ARGUMENTS[x.name()] as string);
    expect(given, "an argument that the walk does not know").not.toContain(undefined);
    if (given.length > 0 || command.options.some((x) => x.mandatory)) expectSentence(await run(path), name, 2, "missing");
    const mandatory = command.options
      .filter((x) => x.mandatory)
      .flatMap((x) => [x.long as string, kindOf(x.flags) === "number" ? "1" : "x"]);
    if (command.registeredArguments.some((x) => x.variadic)) return;
    expectSentence(await run([...path, ...mandatory, ...given, "surplus"]), name, 2, "too many arguments");
  });
});

describe.concurrent.each(valued)("noema $name $long", ({ path, name, command, option, long, kind }) => {
  const given = requiredArguments(command).map((x) => ARGUMENTS[x.name()] as string);

  it("refuses no value and a bad one", async () => {
    const bad = ["", ...JUNK[kind]].map((text) => ({ args: [`${long}=${text}`], words: long }));
    const none = option.optional ? [] : [{ args: [long], words: "argument missing" }];
    for (const { args, words } of someOf([...none, ...bad])) expectSentence(await run([...path, ...given, ...args]), name, 2, words);
  });

  // --gpu-worker is looked at by a node that starts: node/src/inference/open-beside.test.ts.
  if (kind === "url" && long !== "--gpu-worker")
    it("says that nothing answers there", async () => {
      expectSentence(await run([...path, ...given, long, DEAD_URL]), name, 1, "127.0.0.1:2: nothing answers there");
    });

  // A validator has to be told of a chain first: ends.e2e.ts.
  if (option.flags.includes("<port>") && name === "devnet")
    it("says that the port is taken, and which flag chooses another", async () => {
      const others = valued.filter((x) => x.name === name && x.option.flags.includes("<port>") && x.long !== long);
      const zeros = others.flatMap((x) => [x.long, "0"]);
      await withTakenPort(async (port) => {
        const outcome = await run([...path, ...given, long, String(port), ...zeros]);
        expectSentence(
          outcome,
          name,
          1,
          `port ${port} on 127.0.0.1 is taken by another process: choose another with ${long} (0 picks free ones) (DEV_PORT_IN_USE)`,
        );
      });
    });
});
