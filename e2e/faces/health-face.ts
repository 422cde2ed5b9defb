/** What an operator's tools ask: liveness, readiness, version, metrics. */
import { describe, expect, it } from "vitest";
import { readiness } from "../harness/chain.ts";
import type { RunningDevnet } from "../harness/devnet.ts";
import { until } from "../harness/wait.ts";

const NAME =
  /^noema_(build|clock|consensus|crypto|execution|da|rpc|p2p|pool|mempool|node|process|inference|store|eventloop|chain)_[a-z0-9_]+$/;
const SAMPLE = /^([a-zA-Z_:][a-zA-Z0-9_:]*)(\{[^{}]*\})? (-?[0-9.e+-]+|NaN|[+-]Inf)$/;
const SUFFIX = { counter: /_total$/, histogram: /_(seconds|bytes)$/ } as const;

/** Name -> kind; throws on a line that is no Prometheus text. */
function parseMetrics(text: string): Map<string, string> {
  const kinds = new Map<string, string>();
  for (const line of text.split("\n").filter((x) => x !== "")) {
    const [, keyword, name, rest] = /^# (HELP|TYPE) (\S+) (.*)$/.exec(line) ?? [];
    if (keyword === "TYPE") kinds.set(name as string, rest as string);
    if (keyword !== undefined) continue;
    const sample = SAMPLE.exec(line)?.[1];
    if (sample === undefined) throw new Error(`no Prometheus line: ${line}`);
    if (!kinds.has(sample) && !kinds.has(sample.replace(/_(bucket|sum|count)$/, ""))) throw new Error(`${sample} has no type`);
  }
  return kinds;
}

export function healthFace(net: () => RunningDevnet): void {
  describe("health", () => {
    it("is alive, ready, and tells its version", async () => {
      const genesis = new Set<unknown>();
      for (const url of net().rpcUrls) {
        expect(await (await fetch(`${url}/livez`)).json()).toEqual({ status: "live" });
        await until(
          async () => (await readiness(url)).code === 200,
          () => `${url} is not ready`,
        );
        expect((await readiness(url)).body).toMatchObject({ status: "synced", latest: expect.any(Number), finalized: expect.any(Number) });
        const version = (await (await fetch(`${url}/version`)).json()) as Record<string, unknown>;
        expect(version).toMatchObject({ version: expect.stringMatching(/^noema/i), chainId: net().chainId });
        genesis.add(version.genesisHash);
      }
      expect(genesis.size).toBe(1);
    });

    it("has metrics on a port of their own, named by the rule", async () => {
      const shown = () => /Metrics\s+(http:\S+)/.exec(net().output())?.[1];
      await until(
        () => shown() !== undefined, // the banner is written right after the configuration
        () => "no banner",
      );
      const url = shown() as string;
      const response = await fetch(url);
      expect(response.headers.get("content-type")).toMatch(/^text\/plain.*version=/);
      const kinds = parseMetrics(await response.text());
      expect(kinds.size).toBeGreaterThan(20);
      const wrong = [...kinds].filter(([name, kind]) => {
        const suffix = SUFFIX[kind as keyof typeof SUFFIX];
        return !NAME.test(name) || (suffix !== undefined && !suffix.test(name));
      });
      expect(wrong).toEqual([]);
      for (const name of ["noema_consensus_height", "noema_p2p_peers", "noema_rpc_requests_total"])
        expect([...kinds.keys()]).toContain(name);
      expect((await fetch(new URL("/other", url))).status).toBe(404);
      expect((await fetch(`${net().rpcUrl}/metrics`)).status).toBe(404);
    });
  });
}
