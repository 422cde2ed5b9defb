/** Data: what one validator publishes, every other gives back, byte for byte. */
import { createHash, randomBytes } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { type RunningDevnet, rpc } from "../harness/devnet.ts";
import { runCommand } from "../harness/run-command.ts";
import { until } from "../harness/wait.ts";

const LAUNCHER = fileURLToPath(new URL("../../bin/noema.mjs", import.meta.url));

const digest = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("hex");

/** `size`: bytes of the object, a whole number of thousands. */
export function dataFace(net: () => RunningDevnet, size: number): void {
  describe("data", () => {
    const last = () => net().rpcUrls.at(-1) as string;
    const fetchBytes = async (url: string, headers: Record<string, string> = {}) => {
      const response = await fetch(url, { headers });
      if (!response.ok) throw new Error(`${response.status}: ${await response.text()}`);
      return Buffer.from(await response.arrayBuffer());
    };
    let id = "";
    const large = randomBytes(size);

    it(`takes ${size} bytes at one validator and gives them back from another, whole and in ranges`, async () => {
      const response = await fetch(`${net().rpcUrl}/da`, { method: "PUT", body: large });
      const answer = (await response.json()) as { id: string; bytes: number; state: string };
      expect(answer).toMatchObject({ bytes: size, state: "included", id: expect.stringMatching(/^0x[0-9a-f]{64}$/) });
      id = answer.id;
      expect(digest(await fetchBytes(`${last()}/da/${id}`))).toBe(digest(large));
      const ranges: [string, number, number][] = [
        ["bytes=0-0", 0, 1],
        ["bytes=126970-126990", 126_970, 126_991], // across two rows
        [`bytes=${size - 1000}-`, size - 1000, size],
        ["bytes=-7", size - 7, size],
      ];
      for (const [range, from, to] of ranges) expect(await fetchBytes(`${last()}/da/${id}`, { range })).toEqual(large.subarray(from, to));
      expect((await fetch(`${last()}/da/${id}`, { headers: { range: `bytes=${size}-` } })).status).toBe(416);
      const status = await rpc<{ bytes: string; certificate: { kind: string } }>(last(), "noema_daStatus", id);
      expect([Number(status.bytes), status.certificate.kind]).toEqual([size, "blob"]);
    });

    it("puts and gets a file from the command line", async () => {
      const [source, copy] = [join(net().folder, "source"), join(net().folder, "copy")];
      writeFileSync(source, randomBytes(200_001));
      const put = await runCommand(process.execPath, [LAUNCHER, "da", "put", source, "--rpc", net().rpcUrl, "--json"]);
      expect(put).toMatchObject({ code: 0 });
      const answer = JSON.parse(put.stdout) as { id: string; bytes: number };
      expect(answer.bytes).toBe(200_001);
      const get = await runCommand(process.execPath, [LAUNCHER, "da", "get", answer.id, "--rpc", last(), "--out", copy]);
      expect(get).toMatchObject({ code: 0 });
      expect(digest(readFileSync(copy))).toBe(digest(readFileSync(source)));
      const missing = await runCommand(process.execPath, [
        LAUNCHER,
        "da",
        "get",
        `0x${"11".repeat(32)}`,
        "--rpc",
        last(),
        "--out",
        `${copy}2`,
      ]);
      expect([missing.code, missing.stderr]).toEqual([1, expect.stringContaining("DA_NOT_FOUND")]);
    });

    it("gives it back while its publisher is down", async () => {
      if (net().rpcUrls.length < 4) return;
      await net().kill(0);
      try {
        expect(digest(await fetchBytes(`${last()}/da/${id}`))).toBe(digest(large));
        expect(digest(await fetchBytes(`${net().rpcUrls[1]}/da/${id}`))).toBe(digest(large));
      } finally {
        await net().restart(0);
      }
      const peers = async () => (await rpc<{ peers: unknown[] }>(net().rpcUrl, "noema_nodeInfo")).peers.length;
      await until(
        async () => (await peers()) === net().rpcUrls.length - 1,
        () => "the validator that came back has not found the others",
      );
      expect(digest(await fetchBytes(`${net().rpcUrl}/da/${id}`))).toBe(digest(large));
    });
  });
}
