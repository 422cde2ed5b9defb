/**
 * Every command in real processes: help, a mistake, and what only its action finds; exit code, one sentence, nothing started. Every
 * other mistake, in every way, is made in one process by tools/mistakes.test.ts. Of junk for a name one is taken by chance;
 * NOEMA_WALK=all takes all.
 */
import { beforeAll, describe, expect, it } from "vitest";
import { JUNK } from "../../bin/command-tree.ts";
import { COMMANDS } from "../../bin/commands.mjs";
import { argumentsFor, expectSentence, HELP, valued } from "../../tools/testing/walk.ts";
import { createSeededRandom } from "../harness/random.ts";
import { DEAD_URL, run, withTakenPort } from "./run.ts";

const random = createSeededRandom("walk");
const someOf = <T>(ways: T[]): T[] => (process.env.NOEMA_WALK === "all" ? ways : ways.slice(random.below(ways.length)).slice(0, 1));

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

describe.concurrent.each(Object.keys(COMMANDS))("noema %s", (name) => {
  it("helps and does nothing", async () => {
    for (const args of someOf([
      [name, "--help"],
      [name, "-h"],
      ["help", name],
    ])) {
      const { code, stdout, stderr } = await run(args);
      expect([code, stderr]).toEqual([0, ""]);
      expect(stdout).toMatch(HELP);
      expect(stdout).toContain(`-- ${name} `);
    }
  });

  it("refuses an unknown flag", async () => {
    expectSentence(await run([name, "--no-such-flag"]), name, 2, "unknown option '--no-such-flag'");
  });
});

describe.concurrent("what only an action finds", () => {
  const named = valued.filter((x) => x.kind === "name" && x.option.parseArg === undefined);
  it.each(named)("noema $name $long refuses a name that nothing has", async ({ path, name, command, long }) => {
    for (const text of someOf(JUNK.name)) expectSentence(await run([...path, ...argumentsFor(command), `${long}=${text}`]), name, 2, long);
  });

  // --gpu-worker is looked at by a node that starts: node/src/inference/open-beside.test.ts.
  const urls = valued.filter((x) => x.kind === "url" && x.long !== "--gpu-worker");
  it.each(urls)("noema $name $long says that nothing answers there", async ({ path, name, command, long }) => {
    expectSentence(await run([...path, ...argumentsFor(command), long, DEAD_URL]), name, 1, "127.0.0.1:2: nothing answers there");
  });

  // A validator has to be told of a chain first: ends.e2e.ts.
  const ports = valued.filter((x) => x.name === "devnet" && x.option.flags.includes("<port>"));
  it.each(ports)("noema devnet $long says that the port is taken, and which flag chooses another", async ({ long }) => {
    const zeros = ports.filter((x) => x.long !== long).flatMap((x) => [x.long, "0"]);
    await withTakenPort(async (port) => {
      expectSentence(
        await run(["devnet", long, String(port), ...zeros]),
        "devnet",
        1,
        `port ${port} on 127.0.0.1 is taken by another process: choose another with ${long} (0 picks free ones) (DEV_PORT_IN_USE)`,
      );
    });
  });
});
