import { expect, it } from "vitest";
import { createCourtesy, EVERY } from "./courtesy.ts";

/** Runs for 30 ms of wall and so much CPU time; what it left free. */
function run(cpuOf30: number, wall = 30): number[] {
  const now = { wall: 0, cpu: 0 };
  const pauses: number[] = [];
  const makeWay = createCourtesy({ wallMs: () => now.wall, cpuMs: () => now.cpu, pause: (ms) => pauses.push(ms) });
  now.wall += wall;
  now.cpu += cpuOf30;
  for (let i = 0; i < EVERY; i++) makeWay();
  return pauses;
}

it("leaves the core free for as long as it ran, where it did not get all of it", () => {
  expect(run(12)).toEqual([12]);
  expect(run(23)).toEqual([20]);
});

it("goes on where nobody waits, or it waited itself", () => {
  expect(run(30)).toEqual([]);
  expect(run(25)).toEqual([]);
  expect(run(12, 1000)).toEqual([]);
  expect(run(5, 10)).toEqual([]);
});
