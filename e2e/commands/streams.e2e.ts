/** `noema da` as a part of pipes and scripts: standard input and output, what is overwritten, what is left behind. */
import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createServer, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, it } from "vitest";
import { launcher, type RunningDevnet, startDevnet } from "../harness/devnet.ts";
import { until } from "../harness/wait.ts";

type Ended = { code: number | null; stdout: Buffer; stderr: string };

const root = fileURLToPath(new URL("../..", import.meta.url));
const data = randomBytes(100_003);
let net: RunningDevnet;
let folder = "";
let id = "";
/** Where uploads are journalled: not in the home of who runs the tests. */
const state = mkdtempSync(join(tmpdir(), "noema-state-"));
const env = { ...process.env, XDG_STATE_HOME: state };

function pipe(file: string, args: readonly string[], input: Buffer = Buffer.alloc(0)): Promise<Ended> {
  const child = spawn(file, args, { cwd: root, stdio: "pipe", env });
  const out: Buffer[] = [];
  let stderr = "";
  child.stdout.on("data", (chunk) => out.push(chunk));
  child.stderr.on("data", (chunk) => (stderr += chunk));
  child.stdin.on("error", () => {}); // it may end without reading to the end
  child.stdin.end(input);
  return new Promise((done) => child.once("close", (code) => done({ code, stdout: Buffer.concat(out), stderr })));
}

const da = (args: readonly string[], input?: Buffer) => pipe(process.execPath, [launcher, "da", ...args, "--rpc", net.rpcUrl], input);

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "noema-streams-"));
  net = await startDevnet(["--validators", "1"]);
  const put = await da(["put", "-", "--json"], data);
  expect(put).toMatchObject({ code: 0 });
  id = (JSON.parse(put.stdout.toString()) as { id: string }).id;
});

afterAll(async () => {
  await net?.destroy();
  for (const made of [folder, state]) rmSync(made, { recursive: true, force: true });
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

it("takes what is larger than one object from a stream, and what is empty", async () => {
  const large = randomBytes(700_001);
  const put = await da(["put", "-", "--object-bytes", "200000", "--json"], large);
  const written = JSON.parse(put.stdout.toString()) as { id: string };
  expect(written).toMatchObject({ bytes: 700_001, objects: 5 });
  expect(await da(["get", written.id])).toEqual({ code: 0, stdout: large, stderr: "" });
  const stated = await da(["stat", written.id, "--json"]);
  expect(JSON.parse(stated.stdout.toString())).toMatchObject({ kind: "file", bytes: 700_001, entries: 4 });
  const empty = JSON.parse((await da(["put", "-", "--json"])).stdout.toString()) as { id: string };
  expect(await da(["get", empty.id])).toEqual({ code: 0, stdout: Buffer.alloc(0), stderr: "" });
});

it("goes on with an upload and a download where an earlier run was cut off", async () => {
  const [source, copy] = [join(folder, "source"), join(folder, "resumed")];
  const large = randomBytes(1_500_000);
  writeFileSync(source, large);
  const args = ["put", source, "--object-bytes", "150000", "--json"];
  const uploads = join(state, "noema", "uploads");
  const kept = () =>
    existsSync(uploads) ? readdirSync(uploads).flatMap((x) => readFileSync(join(uploads, x), "utf8").trim().split("\n")) : [];
  const first = spawn(process.execPath, [launcher, "da", ...args, "--rpc", net.rpcUrl], { stdio: "ignore", detached: true, env });
  const killed = new Promise((done) => first.once("exit", done));
  await until(
    () => kept().length > 0,
    () => "nothing was published",
  );
  process.kill(-(first.pid as number), "SIGKILL"); // the launcher and what it started
  await killed;
  const again = await da(args);
  const written = JSON.parse(again.stdout.toString()) as { id: string; reused: number };
  expect(written.reused).toBeGreaterThan(0);
  expect(kept()).toEqual([]);

  const part = `${copy}.${written.id.slice(2, 10)}.part`;
  writeFileSync(part, large.subarray(0, 1_200_000));
  const got = await da(["get", written.id, "--out", copy]);
  expect(got).toMatchObject({ code: 0 });
  expect(readFileSync(copy)).toEqual(large);
  const wrong = `${copy}2.${written.id.slice(2, 10)}.part`;
  writeFileSync(wrong, Buffer.alloc(1_200_000)); // another's bytes
  expect(await da(["get", written.id, "--out", `${copy}2`])).toMatchObject({
    code: 1,
    stderr: expect.stringContaining("not those of its manifest"),
  });
  expect(readdirSync(folder).sort()).toEqual(["copy", "resumed", "source"]);
  for (const name of ["resumed", "source"]) rmSync(join(folder, name), { recursive: true });
});

it("publishes a folder and writes it again, and one file of it", async () => {
  const tree = join(folder, "tree");
  mkdirSync(join(tree, "a", "b"), { recursive: true });
  const files = { "a/b/x": randomBytes(200_000), "a/ü": Buffer.from("small"), none: Buffer.alloc(0) };
  for (const [path, bytes] of Object.entries(files)) writeFileSync(join(tree, path), bytes);
  symlinkSync("/etc/passwd", join(tree, "link"));
  const put = await da(["put", tree, "--object-bytes", "150000", "--json"]);
  expect(put.stderr).toContain("link");
  const { id: directory } = JSON.parse(put.stdout.toString()) as { id: string };
  const listed = (await da(["ls", directory, "--json"])).stdout.toString().trim().split("\n");
  expect(listed.map((x) => JSON.parse(x).path)).toEqual(["a/b/x", "a/ü", "none"]);
  expect((await da(["get", `${directory}/a/ü`])).stdout.toString()).toBe("small");
  const copy = join(folder, "tree2");
  expect(await da(["get", directory, "-o", copy])).toMatchObject({ code: 0 });
  for (const [path, bytes] of Object.entries(files)) expect(readFileSync(join(copy, path)), path).toEqual(bytes);
  expect(await da(["get", `${directory}/none/x`])).toMatchObject({ code: 1, stderr: expect.stringContaining("DA_PATH_UNKNOWN") });
  for (const name of ["tree", "tree2"]) rmSync(join(folder, name), { recursive: true });
});

async function serve(answer: (response: ServerResponse, url: string) => unknown): Promise<{ server: Server; url: string }> {
  const server = createServer((request, response) => void answer(response, request.url ?? ""));
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  return { server, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

/** A node that promises more than it sends: cut off, or silent until the reader is ended. */
async function halfAnswer(cut: boolean): Promise<{ server: Server; url: string; begun: Promise<void> }> {
  let begin = () => {};
  const begun = new Promise<void>((done) => {
    begin = done;
  });
  const served = await serve((response, url) => {
    if (url.endsWith("?stat")) return response.end(JSON.stringify({ id, kind: "object", bytes: 1000 }));
    response.writeHead(206, { "content-range": "bytes 0-999/1000", "content-length": "1000" });
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
