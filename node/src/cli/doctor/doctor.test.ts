/** Each check where it finds something, and where it does not. */
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { createServer, type Server } from "node:http";
import { tmpdir } from "node:os";
import { multiaddr } from "@multiformats/multiaddr";
import { afterAll, beforeAll, expect, it } from "vitest";
import { judgeSpace, judgeSyncs, measureSyncs } from "./disk.ts";
import { type Finding, judged, shownFindings, worst } from "./finding.ts";
import { judgeGpu } from "./inference.ts";
import { judgeFiles, judgeMemory, judgeSimd, openFilesLimit } from "./machine.ts";
import { clockOffset, judgeClock, judgePeers, judgePort } from "./network.ts";

const folder = mkdtempSync(`${tmpdir()}/noema-doctor-`);
let server: Server;
let port = 0;
beforeAll(async () => {
  server = createServer((_, answer) => answer.setHeader("Date", new Date(said).toUTCString()).end());
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  port = (server.address() as { port: number }).port;
});
afterAll(async () => {
  server.closeAllConnections();
  await new Promise((done) => server.close(done));
  rmSync(folder, { recursive: true });
});
let said = 0;
const stateOf = ({ state, remedy }: Finding) => [state, remedy !== undefined];

it("the disk: measured by durable writes, of which nothing is left; a slow one and a full one are told", async () => {
  let now = 0;
  expect(measureSyncs(folder, () => (now += 3))).toEqual(Array(32).fill(3));
  expect(measureSyncs(folder).every((ms) => ms > 0)).toBe(true);
  expect(readdirSync(folder)).toEqual([]);
  expect([2, 50, 500].map((ms) => stateOf(judgeSyncs(Array(32).fill(ms))))).toEqual([["good", false], ["warn", true], ["bad", true]]); // biome-ignore format: one line
  expect(stateOf(await judgeSpace(folder, 0))).toEqual(["good", false]);
  expect(stateOf(await judgeSpace(folder, 2 ** 62))).toEqual(["bad", true]);
});

it("the machine: limits, memory, SIMD", () => {
  expect(openFilesLimit("Limit  Soft Limit\nMax open files            1024                 4096                 files\n")).toBe(1024);
  expect(openFilesLimit("Max open files            unlimited            unlimited            files\n")).toBe(Number.POSITIVE_INFINITY);
  expect(openFilesLimit("")).toBeUndefined();
  expect([100, 1024, 65_536].flatMap((x) => judgeFiles(x)).map(stateOf)).toEqual([["bad", true], ["warn", true], ["good", false]]); // biome-ignore format: one line
  expect([1, 2, 8].map((gb) => judgeMemory(gb * 2 ** 30, 0).state)).toEqual(["bad", "warn", "good"]);
  expect(judgeSimd()).toMatchObject({ state: "good" }); // this program's kernels run here
  expect(judgeSimd(false, "flags\t\t: fpu sse4_1 avx2\n")).toMatchObject({
    state: "bad",
    found: "WebAssembly lacks SIMD; the processor has sse4_1, avx2",
  });
});

it("ports: free before the start, answered while a node runs", async () => {
  const place = { host: "127.0.0.1", port };
  expect(await judgePort("rpc", place, true)).toMatchObject({ state: "good" });
  expect(await judgePort("rpc", place, false)).toMatchObject({ state: "bad", found: expect.stringContaining("EADDRINUSE") });
  expect(await judgePort("rpc", { ...place, port: 0 }, false)).toMatchObject({ state: "good" });
  expect(await judgePort("rpc", { ...place, host: "192.0.2.1" }, false)).toMatchObject({ state: "bad" });
});

it("peers: by any of their addresses, and why by none", async () => {
  const [here, nowhere] = [multiaddr(`/ip4/127.0.0.1/tcp/${port}`), multiaddr("/ip4/127.0.0.1/tcp/1")];
  const found = await judgePeers(new Map([["peer-of-two", [nowhere, here]], ["peer-of-none", [nowhere]]]), new Map([["peer-of-none", "bob"]])); // biome-ignore format: one line
  expect(found.map((x) => x.check)).toEqual(["peer r-of-two", "peer bob"]);
  expect(found.map(stateOf)).toEqual([["good", false], ["warn", true]]); // biome-ignore format: one line
  expect(found[1]?.found).toContain("ECONNREFUSED");
  expect(await judgePeers(new Map())).toMatchObject([{ state: "warn" }]);
});

it("the clock: against the Date of others, which has whole seconds", async () => {
  expect([5000, 5999].map((now) => clockOffset(new Date(5000).toUTCString(), now, now))).toEqual([0, 0]);
  expect(clockOffset(new Date(65_000).toUTCString(), 5000, 5000)).toBe(60_000);
  expect(clockOffset(new Date(5000).toUTCString(), 66_000, 66_000)).toBe(-60_000);
  expect(clockOffset("yesterday", 0, 0)).toBeUndefined();
  const url = `http://127.0.0.1:${port}`;
  said = 1_700_000_000_000;
  expect(await judgeClock([url], () => said + 200)).toMatchObject({ state: "good" });
  expect(await judgeClock([url], () => said + 61_000)).toMatchObject({ state: "bad", found: "60.0 s ahead of 1 others" });
  expect(await judgeClock(["http://127.0.0.1:1"])).toMatchObject({ state: "warn" });
});

it("the GPU, where one is asked for", async () => {
  expect(await judgeGpu({ backend: "wasm" })).toMatchObject({ state: "good" });
  expect(await judgeGpu({ backend: "remote" })).toMatchObject({ state: "bad" });
  expect(await judgeGpu({ backend: "remote", gpuWorker: "http://127.0.0.1:2" })).toMatchObject({
    state: "bad",
    found: "http://127.0.0.1:2 ECONNREFUSED",
  });
  expect(await judgeGpu({ backend: "remote", gpuWorker: `http://127.0.0.1:${port}` })).toMatchObject({ state: "good" });
});

it("the worst counts, and a remedy stands below what it is of", () => {
  const findings = [judged("a", "good", "fine", "unsaid"), judged("long", "warn", "so so", "do this")];
  expect(worst(findings)).toBe("warn");
  expect(shownFindings(findings)).toBe("ok    a     fine\nwarn  long  so so\n            do this");
});
