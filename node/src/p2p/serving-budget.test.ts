import type { PublicKeyHex } from "@noema/core/ports/signing";
import { createSimClock, settle } from "@noema/core/testing/sim-clock";
import { expect, it } from "vitest";
import { BYTES_A_SECOND, createServingBudget, SAVED_UP } from "./serving-budget.ts";

const [a, b] = ["aa", "bb"] as PublicKeyHex[];
const never = new AbortController().signal;

it("who asks for more waits, whatever id it has; other keys do not, and guests share an account", async () => {
  const clock = createSimClock();
  const budget = createServingBudget(clock, (key) => key === a || key === b);
  const told: string[] = [];
  const spend = (id: string, publicKey: PublicKeyHex | undefined, bytes: number) =>
    void budget.spend({ id, publicKey }, bytes, never).then(() => told.push(id));
  spend("a1", a, SAVED_UP);
  spend("a2", a, BYTES_A_SECOND);
  spend("b", b, SAVED_UP);
  spend("guest 1", "cc" as PublicKeyHex, SAVED_UP);
  spend("guest 2", undefined, 1);
  await settle();
  expect(told).toEqual(["a1", "b", "guest 1"]);
  await clock.advanceAsync(999);
  expect(told).toEqual(["a1", "b", "guest 1", "guest 2"]);
  await clock.advanceAsync(1);
  expect(told.at(-1)).toBe("a2");
});

it("who gives up waits no longer and has been served nothing: nothing stays behind", async () => {
  const clock = createSimClock();
  const budget = createServingBudget(clock, () => true);
  const control = new AbortController();
  const waits = budget.spend({ id: "a", publicKey: a }, 2 * SAVED_UP, control.signal);
  control.abort(new Error("gone"));
  await expect(waits).rejects.toThrow("gone");
  expect(clock.pending()).toBe(0);
  let told = false;
  void budget.spend({ id: "a", publicKey: a }, SAVED_UP, never).then(() => {
    told = true;
  });
  await settle();
  expect(told).toBe(true);
});
