/** `noema da` as a part of pipes and scripts: standard input and output, what is overwritten, what is left behind. */
import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, it } from "vitest";
import { launcher, type RunningDevnet, startDevnet } from "../harness/devnet.ts";

type Ended = { code: number | null; stdout: Buffer; stderr: string };

const root = fileURLToPath(new URL("../..", import.meta.url));
const data = randomBytes(100_003);
let net: RunningDevnet;
let folder = "";
let id = "";

function pipe(file: string, args: readonly string[], input: Buffer | "endless" = Buffer.alloc(0)): Promise<Ended> {
  const child = spawn(file, args, { cwd: root, stdio: "pipe" });
  const out: Buffer[] = [];
  let stderr = "";
  child.stdout.on("data", (chunk) => out.push(chunk));
  child.stderr.on("data", (chunk) => (stderr += chunk));
  child.stdin.on("error", () => {}); // it may end without reading to the end
  if (input === "endless")
    (function more() {
      while (child.stdin.writable && child.stdin.write(data));
      child.stdin.once("drain", more);
    })();
  else child.stdin.end(input);
  return new Promise((done) => child.once("close", (code) => done({ code, stdout: Buffer.concat(out), stderr })));
}

const da = (args: readonly string[], input?: Buffer | "endless") =>
  pipe(process.execPath, [launcher, "da", ...args, "--rpc", net.rpcUrl], input);

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "noema-streams-"));
  net = await startDevnet(["--validators", "1"]);
  const put = await da(["put", "-", "--json"], data);
  expect(put).toMatchObject({ code: 0 });
  id = (JSON.parse(put.stdout.toString()) as { id: string }).id;
});

afterAll(async () => {
  await net?.destroy();
  rmSync(folder, { recursive: true, force: true });
});

it("gives standard output the bytes and nothing else, also through npm", async () => {
  for (const args of [
    ["get", id],
    ["get", id, "--out", "-"],
  ])
    expect(await da(args)).toEqual({ code: 0, stdout: data, stderr: "" });
  const npm = await pipe("npm", ["run", "--silent", "noema", "--", "da", "get", id, "--rpc", net.rpcUrl, "--out", "-"]);
  expect(npm).toEqual({ code: 0, stdout: data, stderr: "" });
});

it("overwrites only when it is told to, and leaves nothing else behind", async () => {
  const out = join(folder, "copy");
  writeFileSync(out, "mine");
  const refused = await da(["get", id, "--out", out]);
  expect([refused.code, refused.stderr, readFileSync(out, "utf8")]).toEqual([1, expect.stringContaining("CLI_OUTPUT_EXISTS"), "mine"]);
  expect(await da(["get", id, "--out", out, "--force"])).toMatchObject({ code: 0 });
  expect(readFileSync(out)).toEqual(data);
  for (const [bad, why] of [
    [folder, "is a folder"],
    [join(folder, "none", "x"), "no such file or folder"],
  ] as const)
    expect(await da(["get", id, "--out", bad])).toMatchObject({ code: 1, stderr: expect.stringContaining(why) });
  const missing = `0x${"11".repeat(32)}`;
  expect(await da(["get", missing, "--out", join(folder, "never")])).toMatchObject({
    code: 1,
    stderr: expect.stringContaining("DA_NOT_FOUND"),
  });
  expect(readdirSync(folder)).toEqual(["copy"]);
});

it("tells the limit of what is too large, and does not read for ever", async () => {
  const large = join(folder, "large");
  writeFileSync(large, Buffer.alloc(20_000_000));
  for (const [args, input] of [
    [["put", large], undefined],
    [["put", "-"], Buffer.alloc(5_000_000)],
  ] as const)
    expect(await da(args, input)).toMatchObject({ code: 1, stderr: expect.stringMatching(/at most 4063232 bytes.*\(RPC_DA_TOO_LARGE\)/) });
  rmSync(large);
  expect(await da(["put", "-"], "endless")).toMatchObject({ code: 1, stderr: expect.stringContaining("CLI_INPUT_INVALID") });
  expect(await da(["put", "-"])).toMatchObject({ code: 1, stderr: expect.stringContaining("the body is empty") });
});

async function serve(answer: (response: ServerResponse) => unknown): Promise<{ server: Server; url: string }> {
  const server = createServer((_, response) => void answer(response));
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  return { server, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

/** A node that promises more than it sends: cut off, or silent until the reader is ended. */
async function halfAnswer(cut: boolean): Promise<{ server: Server; url: string; begun: Promise<void> }> {
  let begin = () => {};
  const begun = new Promise<void>((done) => {
    begin = done;
  });
  const served = await serve((response) => {
    response.writeHead(200, { "content-type": "application/octet-stream", "content-length": "1000" });
    response.write("half", () => {
      begin();
      if (cut) response.destroy();
    });
  });
  return { ...served, begun };
}

it("takes another server's page for no object", async () => {
  const { server, url } = await serve((response) => response.setHeader("content-type", "text/html").end("<h1>Hello</h1>"));
  const ended = await pipe(process.execPath, [launcher, "da", "get", id, "--rpc", url, "--out", join(folder, "page")]);
  server.close();
  expect(ended).toMatchObject({ code: 1, stderr: expect.stringContaining("is this a Noema node?") });
  expect(readdirSync(folder)).toEqual(["copy"]);
});

it("leaves no part of a file when the answer is cut, or Ctrl-C comes", async () => {
  const cut = await halfAnswer(true);
  const out = join(folder, "part");
  const ended = await pipe(process.execPath, [launcher, "da", "get", id, "--rpc", cut.url, "--out", out]);
  expect([ended.code, ended.stderr]).toEqual([1, expect.stringMatching(/^noema da get: .*\n$/)]);
  cut.server.close();

  const silent = await halfAnswer(false);
  const child = spawn(process.execPath, [launcher, "da", "get", id, "--rpc", silent.url, "--out", out], { stdio: "ignore" });
  const exit = new Promise((done) => child.once("exit", done));
  await silent.begun;
  child.kill("SIGINT");
  expect(await exit).toBe(130);
  silent.server.closeAllConnections();
  silent.server.close();
  expect(readdirSync(folder)).toEqual(["copy"]);
});

it("ends without a word when its reader goes", async () => {
  const child = spawn("sh", ["-c", `"${process.execPath}" "${launcher}" da get ${id} --rpc ${net.rpcUrl} | head -c 1`], { stdio: "pipe" });
  let stderr = "";
  child.stderr.on("data", (chunk) => (stderr += chunk));
  await new Promise((done) => child.once("close", done));
  expect(stderr).toBe("");
});
