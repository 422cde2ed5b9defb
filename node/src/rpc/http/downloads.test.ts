import { EventEmitter } from "node:events";
import { createSimClock } from "@noema/core/testing/sim-clock";
import type { FastifyReply } from "fastify";
import { expect, it } from "vitest";
import { createDownloads } from "./downloads.ts";

/** A client of whom so many bytes wait to be taken. */
function client(waiting: number) {
  const socket = { writableLength: waiting, bytesWritten: 100 };
  const state = { socket, cut: false };
  const raw = Object.assign(new EventEmitter(), {
    socket,
    destroy() {
      state.cut = true;
    },
  });
  return { state, reply: { raw } as unknown as FastifyReply, leave: () => raw.emit("close") };
}

it("cuts who takes nothing for ten seconds, and not who is waited for by nobody but us", () => {
  const clock = createSimClock();
  const downloads = createDownloads(clock);
  const [stalled, slow, ours] = [client(9000), client(9000), client(0)];
  for (const { reply } of [stalled, slow, ours]) downloads.begin(reply);
  for (let second = 0; second < 60; second++) {
    slow.state.socket.bytesWritten++;
    clock.advance(1000);
    expect(stalled.state.cut).toBe(second >= 10);
  }
  expect([slow.state.cut, ours.state.cut]).toEqual([false, false]);
});

it("gives the place of who has taken nothing for longest to the next, and refuses where all take", () => {
  const clock = createSimClock();
  const downloads = createDownloads(clock);
  const clients = Array.from({ length: 24 }, (_, i) => client(i === 3 ? 9000 : 0));
  for (const { reply } of clients) downloads.begin(reply);
  clock.advance(2000);
  downloads.begin(client(0).reply);
  expect(clients.map(({ state }) => state.cut)).toEqual(clients.map((_, i) => i === 3));
  expect(() => downloads.begin(client(0).reply)).toThrow(expect.objectContaining({ code: "DA_READS_BUSY" }));
  clients[0]?.leave();
  downloads.begin(client(0).reply);
});
