/** One file of tests against a node, and what mocha's report says. */
import { existsSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { type RunningNode, rpc } from "../nodes.ts";
import { hardhat } from "./checkout.ts";

/** Titles of tests; a hook that failed counts as a test of its name. */
export type Outcome = { passed: string[]; failed: { title: string; message: string }[] };
type Report = { passes: { fullTitle: string }[]; failures: { fullTitle: string; err: { message: string } }[] };

/** From a snapshot, so that no file finds what another has left. Throws when there is no report. */
export async function runFile(node: RunningNode, folder: string, file: string): Promise<Outcome> {
  const report = join(node.folder, "report.json");
  rmSync(report, { force: true });
  const before = await rpc(node.url, "evm_snapshot");
  const complaint = await hardhat(node, folder, ["test", "mocha", file, "--no-compile", "--network", "tools"], { REPORT: report }).catch(
    (error) => error as Error, // its exit code says that a test failed
  );
  await rpc(node.url, "evm_revert", before);
  if (!existsSync(report)) throw complaint;
  const { passes, failures } = JSON.parse(readFileSync(report, "utf8")) as Report;
  return {
    passed: passes.map((x) => x.fullTitle),
    failed: failures.map(({ fullTitle, err }) => ({ title: fullTitle, message: err.message })),
  };
}
