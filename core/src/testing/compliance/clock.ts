/** What every Clock must do. `pass` lets at least that many milliseconds go by. */
// biome-ignore lint/correctness/noUndeclaredDependencies: the suite runs in the vitest of whoever calls it
import { describe, expect, it } from "vitest";
import type { Clock } from "../../ports/clock.ts";

export function clockCompliance(name: string, create: () => { clock: Clock; pass(ms: number): Promise<void> }): void {
  describe(`Clock: ${name}`, () => {
    it("runs timers once, in the order of their times, not before them", async () => {
      const { clock, pass } = create();
      const ran: [string, number][] = [];
      const start = clock.nowMs();
      clock.after(30, () => ran.push(["b", clock.nowMs()]));
      clock.after(5, () => ran.push(["a", clock.nowMs()]));
      const stalled = clock.nowMs() - start >= 25; // between the two: then b's time may come first
      await pass(60);
      expect(ran.map(([n]) => n)).toEqual(stalled ? expect.arrayContaining(["a", "b"]) : ["a", "b"]);
      const [, bMs] = ran.find(([n]) => n === "b") as [string, number];
      expect(bMs - start).toBeGreaterThanOrEqual(29); // wall clocks round to milliseconds
    });

    it("never runs a timer inside `after`, even with no delay", async () => {
      const { clock, pass } = create();
      let ran = false;
      clock.after(0, () => (ran = true));
      expect(ran).toBe(false);
      await pass(5);
      expect(ran).toBe(true);
    });

    it("cancels, and cancelling late or twice does nothing", async () => {
      const { clock, pass } = create();
      const ran: string[] = [];
      const cancel = clock.after(5, () => ran.push("cancelled"));
      const late = clock.after(5, () => ran.push("kept"));
      cancel();
      cancel();
      await pass(20);
      late();
      expect(ran).toEqual(["kept"]);
    });
  });
}
