/** How commands end where nothing declared is at fault: npm's ways, ports of a validator, what nobody foresaw, a bundle that cannot be made. */
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { expectSentence } from "../../tools/testing/walk.ts";
import { launcher, startDevnet } from "../harness/devnet.ts";
import { runCommand } from "../harness/run-command.ts";
import { run, withTakenPort } from "./run.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));

it("says which flags npm has kept for itself", async () => {
  const { code, stdout, stderr } = await runCommand("npm", ["run", "--silent", "devnet", "--validators", "1"], { cwd: root });
  expectSentence({ code, stdout, stderr }, "devnet", 2, "npm kept --validators for itself: write `npm run devnet -- --validators ...`");
});

it("a validator names the port that is taken", async () => {
  const net = await startDevnet(["--validators", "1"]);
  try {
    await net.interrupt();
    const file = join(net.validators[0]?.datadir as string, "config.json");
    const config = JSON.parse(readFileSync(file, "utf8"));
    await withTakenPort(async (port) => {
      for (const section of ["rpc", "metrics", "p2p"]) {
        writeFileSync(file, JSON.stringify({ ...config, logLevel: "silent", [section]: { ...config[section], port } }));
        const outcome = await run(["start", "--config", file]);
        expectSentence(outcome, "start", 1, String(port));
        expect(outcome.stderr).toMatch(/taken|EADDRINUSE/);
      }
    });
  } finally {
    await net.destroy();
  }
});

it("keeps the stack of what nobody foresaw in a file, or prints it with NOEMA_DEBUG=1", async () => {
  const script = join(import.meta.dirname, "unforeseen.ts");
  const { code, stderr } = await runCommand(process.execPath, [launcher, "tool", "script", script]);
  const file = /^noema tool: two lines \(not foreseen; its stack is in (.*)\)\n$/.exec(stderr)?.[1] as string;
  expect([code, file]).toEqual([1, expect.stringContaining("noema-tool-")]);
  expect(readFileSync(file, "utf8")).toContain("unforeseen.ts:");
  rmSync(file);
  const debug = await runCommand("sh", ["-c", `NOEMA_DEBUG=1 "${process.execPath}" "${launcher}" tool script "${script}"`]);
  expect(debug.stderr).toMatch(/^noema tool: two lines\nTypeError: two/);
});
