import { expect, it } from "vitest";
import { createSerial } from "./serial.ts";

it("runs one after another in order, also after one that fails", async () => {
  const serial = createSerial();
  const seen: string[] = [];
  const task = (name: string, fails = false) =>
    serial(async () => {
      seen.push(`${name} begins`);
      await Promise.resolve();
      seen.push(`${name} ends`);
      if (fails) throw new Error(name);
      return name;
    });
  const all = await Promise.allSettled([task("a"), task("b", true), serial(() => "now"), task("c")]);
  expect(all.map((x) => (x.status === "fulfilled" ? x.value : "failed"))).toEqual(["a", "failed", "now", "c"]);
  expect(seen).toEqual(["a begins", "a ends", "b begins", "b ends", "c begins", "c ends"]);
});
