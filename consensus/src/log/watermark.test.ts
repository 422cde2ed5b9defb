import { createMemoryLog } from "@noema/core/testing/memory-log";
import { createSeededRandom } from "@noema/core/testing/seeded-random";
import { describe, expect, it } from "vitest";
import type { LogRecord } from "../engine/events.ts";
import { cert, engine, HASH_A } from "../engine/testing/fixture.ts";
import { mayVote } from "../engine/vote.ts";
import type { VoteKind } from "../types.ts";
import { beginLostLog, initVoteLog, openVoteLog } from "./vote-log.ts";
import { barUpTo, watermarkOf } from "./watermark.ts";

const genesisHash = new Uint8Array(32).fill(7);
const KINDS: VoteKind[] = ["notarize", "nullify", "finalize"];

async function logOf(records: readonly LogRecord[]) {
  const log = createMemoryLog();
  await initVoteLog(log, genesisHash);
  const votes = openVoteLog(log, genesisHash);
  votes.append(records);
  await votes.sync();
  return log;
}
const voteOf = (kind: VoteKind, epoch: number, view: number): LogRecord => ({
  type: "Vote",
  vote: kind === "nullify" ? { kind, epoch, view } : { kind, epoch, view, hash: HASH_A },
});
const read = (log: ReturnType<typeof createMemoryLog>) => openVoteLog(log, genesisHash);
const markOf = (log: ReturnType<typeof createMemoryLog>) => watermarkOf(log, read(log));

describe("a key that moves", () => {
  it("contradicts none of its votes, whatever they were, and votes above them", async () => {
    const random = createSeededRandom("watermark");
    for (let round = 0; round < 50; round++) {
      const signed = Array.from({ length: 1 + random.integer(20) }, () =>
        voteOf(KINDS[random.integer(3)] as VoteKind, 0, 1 + random.integer(40)),
      );
      const top = Math.max(...signed.map((x) => (x.type === "Vote" ? x.vote.view : 0)));
      const old = await logOf(signed);
      const watermark = markOf(old);
      expect(watermark).toEqual({ epoch: 0, view: top });

      const there = await logOf([]);
      const without = engine({}, { records: read(there).records });
      await barUpTo(there, read(there), watermark as { epoch: number; view: number });
      const s = engine({}, { records: read(there.crash()).records });
      for (let view = 1; view <= top + 1; view++)
        for (const kind of KINDS) {
          expect(mayVote(s, kind, view), `${kind} ${view}`).toBe(false);
          expect(mayVote(without, kind, view)).toBe(true); // or the rule would not be what bars it
        }
      for (const kind of KINDS) expect(mayVote(s, kind, top + 2)).toBe(true);
    }
  });

  it("takes the bar of an earlier move along, and back", async () => {
    const there = await logOf([]);
    await barUpTo(there, read(there), { epoch: 2, view: 9 });
    expect(markOf(there)).toEqual({ epoch: 2, view: 9 });
    const votes = read(there);
    votes.append([voteOf("nullify", 2, 12)]);
    await votes.sync();
    expect(markOf(there)).toEqual({ epoch: 2, view: 12 });
    await barUpTo(there, read(there), { epoch: 1, view: 99 }); // an older export
    expect(read(there).records.filter((x) => x.type === "Resume")).toHaveLength(1);
    await barUpTo(there, read(there), { epoch: 3, view: 1 });
    expect(markOf(there)).toEqual({ epoch: 3, view: 1 });
  });

  it("has nothing to say before its first vote", async () => {
    expect(markOf(await logOf([{ type: "Cert", cert: cert("nullify", 1) }]))).toBeUndefined();
  });

  it("covers votes that were dropped below what is final", async () => {
    const finals = Array.from({ length: 900 }, (_, i): LogRecord => ({ type: "Cert", cert: cert("finalize", 10 + i, HASH_A) }));
    const log = await logOf([voteOf("finalize", 0, 9), ...finals]);
    await read(log).prune({ epoch: 0, view: 909 });
    expect(read(log).records.some((x) => x.type === "Vote")).toBe(false);
    expect(markOf(log)).toEqual({ epoch: 0, view: 909 });
  });

  it("does not move out of a log, or into one, that does not know what it signed", async () => {
    const lost = createMemoryLog();
    await beginLostLog(lost, genesisHash);
    expect(() => markOf(lost)).toThrow(expect.objectContaining({ code: "CONSENSUS_LOG_LOST" }));
    await expect(barUpTo(lost, read(lost), { epoch: 0, view: 3 })).rejects.toMatchObject({ code: "CONSENSUS_LOG_LOST" });
    expect(() => markOf(createMemoryLog())).toThrow(expect.objectContaining({ code: "CONSENSUS_LOG_LOST" }));
    const votes = read(lost);
    votes.append([{ type: "Resume", epoch: 0, view: 5 }]);
    await votes.sync();
    expect(markOf(lost)).toEqual({ epoch: 0, view: 5 });
  });
});
