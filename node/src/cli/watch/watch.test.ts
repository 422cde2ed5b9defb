/** Nodes that answer as scripted: lag, votes since the watch began, one that is silent. */
import { expect, it } from "vitest";
import { plain } from "../style.ts";
import type { Status } from "./ask.ts";
import { createObserver } from "./observe.ts";
import { plainLine, table } from "./show.ts";

const hex = (x: number) => `0x${x.toString(16)}`;

function network() {
  const nodes = new Map([["a", { height: 10, self: 0 }], ["b", { height: 7, self: 1 }]]); // biome-ignore format: one line
  const asked: string[] = [];
  const ask = async <T>(url: string, method: string, params: readonly unknown[] = []): Promise<T> => {
    const node = nodes.get(url);
    if (node === undefined) throw Object.assign(new TypeError("fetch failed"), { cause: { code: "ECONNREFUSED" } });
    if (method === "net_peerCount") return "0x1" as T;
    if (method === "noema_getCertificate") {
      asked.push(String(params[0]));
      return { height: params[0], signers: Number(params[0]) % 2 ? [{ index: 0 }, { index: 1 }] : [{ index: 0 }] } as T;
    }
    const height = hex(node.height);
    const heights = { consensusHeight: height, latest: height, finalized: height };
    return {
      state: node.height < 9 ? "syncing" : "synced",
      cause: null,
      epoch: "0x0",
      view: hex(3),
      self: node.self,
      heardFrom: [0, 1],
      validators: 2,
      ...heights,
    } satisfies Status as T;
  };
  return { nodes, asked, ask };
}

it("tells lag, and votes of the certificates that came since the first look, each counted once", async () => {
  const { nodes, asked, ask } = network();
  const observer = createObserver(["a", "b", "c"], ask);
  expect(await observer.look()).toEqual([
    { url: "a", state: "synced", height: 10, lag: 0, view: "0/3", peers: 1, heard: "2/2", index: 0, voted: 0, missed: 0 },
    { url: "b", state: "syncing", height: 7, lag: 3, view: "0/3", peers: 1, heard: "2/2", index: 1, voted: 0, missed: 0 },
    { url: "c", state: "silent", cause: "ECONNREFUSED" },
  ]);
  expect(asked).toEqual([]);
  nodes.set("a", { height: 14, self: 0 });
  expect((await observer.look()).map(({ voted, missed }) => [voted, missed])).toEqual([[4, 0], [2, 2], [undefined, undefined]]); // biome-ignore format: one line
  expect((await observer.look())[1]).toMatchObject({ voted: 2, missed: 2, lag: 7 });
  expect(asked).toEqual([11, 12, 13, 14].map(hex));
  nodes.set("a", { height: 1000, self: 0 });
  await observer.look();
  expect(asked).toHaveLength(4 + 16);
});

it("a table fits its terminal, and a line is JSON", async () => {
  const seen = await createObserver(["a", "b", "c"], network().ask).look();
  const lines = table(seen, plain, 60).split("\n");
  expect(lines).toHaveLength(5);
  expect(Math.max(...lines.map((x) => x.length))).toBeLessThanOrEqual(60);
  expect(lines[2]).toMatch(/^b \(1\)\s+syncing\s+7\s+3\s+0\/3/);
  expect(lines[4]).toBe("  ECONNREFUSED");
  expect(JSON.parse(plainLine("now", seen[2]!))).toEqual({ time: "now", url: "c", state: "silent", cause: "ECONNREFUSED" });
});
