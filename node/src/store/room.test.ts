import { setImmediate } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { createRoom } from "./room.ts";

const full = () => Object.assign(new Error("no space left on device"), { code: "ENOSPC" });

describe("room", () => {
  it("below the reserve nothing is written, until there is a quarter more", async () => {
    let free = 99;
    const room = createRoom("/d", 100, { free: () => free, retryMs: 1 });
    let written = false;
    const writing = room.write(async () => {
      written = true;
    });
    expect(room.lack()).toBe("the disk has 99 bytes free; below 100 nothing is written");
    free = 124;
    for (let i = 0; i < 20; i++) await setImmediate();
    expect([room.lack() === undefined, written]).toEqual([false, false]);
    free = 125;
    await writing;
    expect([room.lack(), written]).toEqual([undefined, true]);
  });

  it("a write that finds no room is made again, and said; another failure is told", async () => {
    const room = createRoom("/d", 0, { free: () => 1e9, retryMs: 1 });
    let tries = 0;
    let said: string | undefined;
    const write = async () => {
      if (++tries < 4) throw new Error("wrapped", { cause: full() });
      said = room.lack();
      return tries;
    };
    expect(await room.write(write)).toBe(4);
    expect(said).toContain("took no more");
    await expect(room.write(() => Promise.reject(new Error("EIO")))).rejects.toThrow("EIO");
    expect(tries).toBe(4);
  });

  it("a node that stops writes into the reserve, once", async () => {
    const room = createRoom("/d", 100, { free: () => 1, retryMs: 2 ** 30 });
    const [one, other] = [room.write(async () => "written"), room.write(() => Promise.reject(full()))];
    const refused = expect(other).rejects.toMatchObject({ code: "DISK_FULL" });
    room.end();
    expect(await one).toBe("written");
    await refused;
  });
});
