/**
 * A file of many objects, published through one of four validators and read from others, byte for byte: with one holder away throughout,
 * its publisher killed in the middle, with two of four killed afterwards, after a restart of all, and with a holder that flips bits.
 * NOEMA_FILE_MB=64 makes it longer.
 */
import { createHash, randomFillSync } from "node:crypto";
import { createReadStream, existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { launcher, type RunningDevnet, rpc, startDevnet } from "../harness/devnet.ts";
import { flipRows } from "../harness/flip-rows.ts";
import { runCommand } from "../harness/run-command.ts";
import { until } from "../harness/wait.ts";

const MB = Number(process.env.NOEMA_FILE_MB ?? 32);
const BYTES = MB * 1_000_000 + 1;
const OBJECT_BYTES = 4_063_232;
const OBJECTS = Math.ceil(BYTES / OBJECT_BYTES) + 1;

let net: RunningDevnet;
let id = "";
let digest = "";
beforeAll(async () => {
  net = await startDevnet();
});
afterAll(() => net?.destroy());

const path = (name: string) => join(net.folder, name);
const da = (args: readonly string[], validator: number) =>
  runCommand(process.execPath, [launcher, "da", ...args, "--rpc", net.rpcUrls[validator] as string], {
    env: { ...process.env, XDG_STATE_HOME: path("state") },
  });

async function digestOf(file: string): Promise<string> {
  const hash = createHash("sha256");
  for await (const chunk of createReadStream(file)) hash.update(chunk);
  return hash.digest("hex");
}

async function expectReadable(validator: number): Promise<void> {
  const copy = path(`copy-${validator}`);
  expect(await da(["get", id, "--out", copy], validator)).toMatchObject({ code: 0, stderr: expect.not.stringContaining("noema da get") });
  expect(await digestOf(copy)).toBe(digest);
  rmSync(copy);
}

/** Whole objects that an unfinished upload has journalled. */
function journalled(): number {
  const folder = path("state/noema/uploads");
  const files = existsSync(folder) ? readdirSync(folder) : [];
  return files.reduce((sum, name) => sum + readFileSync(join(folder, name), "utf8").trim().split("\n").length, 0);
}

describe(`a file of ${MB} MB`, () => {
  it("is published with one holder away, its publisher killed in the middle, and nothing is sent twice", async () => {
    const bytes = randomFillSync(Buffer.alloc(BYTES));
    writeFileSync(path("source"), bytes);
    digest = createHash("sha256").update(bytes).digest("hex");
    await net.kill(3);
    const args = ["put", path("source"), "--json"];
    const running = da(args, 0);
    await until(
      () => journalled() >= 4,
      () => "nothing was published",
    );
    await net.kill(0);
    const before = journalled();
    await net.restart(0);
    const first = await running; // goes on by itself where the node is back soon enough
    const written = first.code === 0 ? first : await da(args, 0);
    expect(written).toMatchObject({ code: 0 });
    const answer = JSON.parse(written.stdout) as { id: string; reused: number };
    expect(answer).toMatchObject({ bytes: BYTES, objects: OBJECTS });
    if (first.code !== 0) expect(answer.reused).toBeGreaterThanOrEqual(before);
    ({ id } = answer);
    await expectReadable(1);
    await expectReadable(2);
  });

  it("is read where only two of four are left", async () => {
    await net.kill(0);
    await expectReadable(1);
  });

  it("is read after all were started again, also from one that has no row of it", async () => {
    for (const index of [1, 2]) await net.kill(index);
    for (const index of [0, 1, 2, 3]) await net.restart(index);
    for (const url of net.rpcUrls)
      await until(
        async () => (await rpc<{ peers: unknown[] }>(url, "noema_nodeInfo")).peers.length === 3,
        () => `${url} has not found the others`,
      );
    // peers that are busy with their own start may not answer in the time that a lookup gives them
    await until(
      async () => (await fetch(`${net.rpcUrls[3]}/da/${id}?stat`)).ok,
      () => "the validator that was away does not find the file",
    );
    await expectReadable(3);
    await expectReadable(0);
    const range = await fetch(`${net.rpcUrls[3]}/da/${id}`, { headers: { range: "bytes=4063230-4063240" } });
    const source = readFileSync(path("source"));
    expect(Buffer.from(await range.arrayBuffer())).toEqual(source.subarray(4_063_230, 4_063_241));
  });

  it("is read byte for byte beside a holder of flipped bits, whose key is told", async () => {
    const validators = await rpc<{ publicKey: string }[]>(net.rpcUrl, "noema_validators");
    const { validatorIndex } = await rpc<{ validatorIndex: number }>(net.rpcUrls[1] as string, "noema_nodeInfo");
    await net.kill(1);
    expect(flipRows(net.validators[1]?.datadir as string)).toBeGreaterThan(0);
    await net.kill(3); // it has mended what it missed, and has the objects in memory
    for (const index of [1, 3]) await net.restart(index);
    await until(
      async () => (await rpc<{ peers: unknown[] }>(net.rpcUrls[3] as string, "noema_nodeInfo")).peers.length === 3,
      () => "the holder of flipped bits is not back",
    );
    const source = readFileSync(path("source"));
    const named = new Set<string>();
    // an object at a time: what is not in memory is asked of who holds it, and the holder has data rows of about half of them
    for (let from = 0; from < BYTES; from += OBJECT_BYTES) {
      const to = Math.min(from + OBJECT_BYTES, BYTES);
      const answer = await fetch(`${net.rpcUrls[3]}/da/${id}`, { headers: { range: `bytes=${from}-${to - 1}` } });
      for (const key of answer.headers.get("noema-wrong-rows-from")?.split(", ") ?? []) named.add(key);
      expect(Buffer.compare(Buffer.from(await answer.arrayBuffer()), source.subarray(from, to))).toBe(0);
    }
    const liar = (validators[validatorIndex] as { publicKey: string }).publicKey.slice(2);
    // An answer that others could give is not held back until a row is judged, for which the worker may have to load: the log names it then.
    const log = () => readFileSync(join(net.validators[3]?.datadir as string, "node.log"), "utf8");
    await until(() => log().includes(liar), () => "the holder of flipped bits is not named"); // biome-ignore format: one line
    expect([...named].filter((key) => key !== liar)).toEqual([]);
  });
});
