/** What every AppendLog must do. */
// biome-ignore lint/correctness/noUndeclaredDependencies: the suite runs in the vitest of whoever calls it
import { describe, expect, it } from "vitest";
import { utf8 } from "../../bytes.ts";
import type { AppendLog } from "../../ports/append-log.ts";
import type { Bytes } from "../../ports/bytes.ts";

/** Somewhere that keeps its contents: `open` after `close` gives the same log. */
export type LogPlace = { open(): Promise<AppendLog>; remove(): Promise<void> };

export function appendLogCompliance(name: string, create: () => Promise<LogPlace>): void {
  const test = (title: string, body: (log: AppendLog, place: LogPlace) => Promise<AppendLog>) =>
    it(title, async () => {
      const place = await create();
      const log = await body(await place.open(), place);
      await log.close();
      await place.remove();
    });
  const reopen = async (log: AppendLog, place: LogPlace) => {
    await log.close();
    return place.open();
  };

  describe(`AppendLog: ${name}`, () => {
    test("replays what was appended, in order, with growing positions", async (log) => {
      const positions = ["a", "", "ccc"].map((r) => log.append(utf8(r)));
      expect([...positions].sort((a, b) => a - b)).toEqual(positions);
      expect(new Set(positions).size).toBe(3);
      expect(all(log)).toEqual(["a", "", "ccc"].map((r, i) => [positions[i], r]));
      expect(text(log.read(positions[2] as number))).toBe("ccc");
      return log;
    });

    test("has everything synced after a restart, at the same positions, and goes on above them", async (log, place) => {
      const first = log.append(utf8("one"));
      await log.sync();
      const second = log.append(utf8("two"));
      await log.sync();
      const again = await reopen(log, place);
      expect(all(again)).toEqual([
        [first, "one"],
        [second, "two"],
      ]);
      const third = again.append(utf8("three"));
      expect(third).toBeGreaterThan(second);
      expect(text(again.read(first))).toBe("one");
      expect(text(again.read(third))).toBe("three");
      return again;
    });

    test("does not alias the caller's bytes", async (log) => {
      const record = utf8("record");
      const at = log.append(record);
      record.fill(0);
      (log.read(at) as Bytes).fill(1);
      expect(text(log.read(at))).toBe("record");
      return log;
    });

    test("answers many concurrent calls of sync", async (log, place) => {
      const syncs: Promise<void>[] = [];
      for (let i = 0; i < 100; i++) {
        log.append(utf8(`r${i}`));
        syncs.push(log.sync());
      }
      await Promise.all(syncs);
      const again = await reopen(log, place);
      expect(all(again).map(([, r]) => r)).toEqual(Array.from({ length: 100 }, (_, i) => `r${i}`));
      return again;
    });

    test("drops only below, keeps positions growing, and forgets nothing above", async (log, place) => {
      const positions = Array.from({ length: 20 }, (_, i) => log.append(utf8(`r${i}`)));
      await log.sync();
      log.dropBelow(positions[10] as number);
      expect(
        all(log)
          .slice(-10)
          .map(([, r]) => r),
      ).toEqual(Array.from({ length: 10 }, (_, i) => `r${10 + i}`));
      log.dropBelow(Number.MAX_SAFE_INTEGER);
      const next = log.append(utf8("next"));
      expect(next).toBeGreaterThan(positions[19] as number);
      await log.sync();
      const again = await reopen(log, place);
      expect(all(again).at(-1)).toEqual([next, "next"]);
      expect(again.append(utf8("x"))).toBeGreaterThan(next);
      return again;
    });

    test("knows no record at a position that was never returned", async (log) => {
      const at = log.append(utf8("a"));
      expect(log.read(at + 1_000_000)).toBeUndefined();
      return log;
    });
  });
}

function all(log: AppendLog): [number, string | undefined][] {
  return [...log.replay()].map(([at, r]) => [at, text(r)]);
}

function text(bytes: Bytes | undefined): string | undefined {
  return bytes && Buffer.from(bytes).toString();
}
