/** What every Network must do. */
// biome-ignore lint/correctness/noUndeclaredDependencies: the suite runs in the vitest of whoever calls it
import { describe, expect, it } from "vitest";
import { concatBytes, utf8 } from "../../bytes.ts";
import { isNoemaError } from "../../errors.ts";
import type { Bytes } from "../../ports/bytes.ts";
import type { Network, Peer, Verdict } from "../../ports/network.ts";
import type { PublicKeyHex } from "../../ports/signing.ts";

/** All connected to all; node i has proved the i-th key. */
export type ConnectedNodes = { networks: readonly Network[]; close(): Promise<void> };

const OK: Verdict = { ok: true };

export function networkCompliance(name: string, keys: readonly PublicKeyHex[], connect: (count: number) => Promise<ConnectedNodes>): void {
  const validatorOf = ({ publicKey }: Peer) => (publicKey === undefined ? undefined : keys.indexOf(publicKey));
  const idOf = (network: Network, validator: number) => {
    const peer = network.peers().find((p) => validatorOf(p) === validator);
    if (peer === undefined) throw new Error(`no peer is validator ${validator}`);
    return peer.id;
  };
  const ask = async (network: Network, method: string, max: number) =>
    text(await drain(network.request(idOf(network, 1), method, utf8("body"), max, never())));
  const test = (title: string, count: number, body: (...networks: Network[]) => Promise<void>) =>
    it(title, async () => {
      const nodes = await connect(count);
      try {
        await body(...nodes.networks);
      } finally {
        await nodes.close();
      }
    });

  describe(`Network: ${name}`, () => {
    test("knows every other peer and its validator", 3, async (...networks) => {
      for (const [i, network] of networks.entries())
        expect(network.peers().map(validatorOf).sort()).toEqual([0, 1, 2].filter((v) => v !== i));
    });

    test("delivers frames whole, in order for each lane, from the bound peer", 2, async (a, b) => {
      for (const lane of ["consensus", "data"] as const) {
        const inbox = collect(10);
        b.onFrame(lane, (from, frame) => inbox.add(validatorOf(from), Uint8Array.from(frame)));
        for (let i = 0; i < 10; i++) expect(a.send(idOf(a, 1), lane, new Uint8Array(i * 1000).fill(i))).toBe(true);
        const got = await inbox.full;
        expect(got.map(([v, f]) => [v, f.length, f.every((x) => x === f.length / 1000)])).toEqual(
          Array.from({ length: 10 }, (_, i) => [0, i * 1000, true]),
        );
      }
    });

    test("does not alias the sender's bytes", 2, async (a, b) => {
      const inbox = collect(1);
      b.onFrame("consensus", (from, frame) => inbox.add(validatorOf(from), Uint8Array.from(frame)));
      const frame = utf8("frame");
      a.send(idOf(a, 1), "consensus", frame);
      frame.fill(0);
      expect(text((await inbox.full)[0]?.[1] as Bytes)).toBe("frame");
    });

    test("refuses to send to a peer it does not know", 2, async (a) => {
      expect(a.send("nobody", "data", utf8("x"))).toBe(false);
    });

    test("goes on after ignored and rejected frames and after a handler that throws", 2, async (a, b) => {
      const inbox = collect(4);
      b.onFrame("data", (from, frame) => {
        inbox.add(validatorOf(from), Uint8Array.from(frame));
        if (text(frame) === "throw") throw new Error("fault of the handler");
        return text(frame) === "last" ? OK : { ok: false, code: "TEST", action: text(frame) === "reject" ? "reject" : "ignore" };
      });
      for (const f of ["ignore", "reject", "throw", "last"]) a.send(idOf(a, 1), "data", utf8(f));
      expect((await inbox.full).map(([, f]) => text(f))).toEqual(["ignore", "reject", "throw", "last"]);
    });

    test("disconnects on that verdict, and says so to both", 2, async (a, b) => {
      const down = [a, b].map((n) => new Promise<void>((resolve) => n.onPeer((_, up) => !up && resolve())));
      const to = idOf(a, 1);
      b.onFrame("consensus", () => ({ ok: false, code: "TEST", action: "disconnect" }));
      a.send(to, "consensus", utf8("bad"));
      await Promise.all(down);
      expect(a.peers()).toEqual([]);
      expect(a.send(to, "consensus", utf8("x"))).toBe(false);
    });

    test("answers a request in chunks, in order", 2, async (a, b) => {
      b.serve("echo", async function* (from, body) {
        yield utf8(`${validatorOf(from)}:`);
        for (let i = 0; i < 3; i++) yield body;
      });
      expect(await ask(a, "echo", 100)).toBe("0:bodybodybody");
      expect((await Promise.all(Array.from({ length: 8 }, () => ask(a, "echo", 100)))).every((x) => x === "0:bodybodybody")).toBe(true);
    });

    test("carries 3 MiB in one answer", 2, async (a, b) => {
      const part = new Uint8Array(1 << 20).map((_, i) => i * 31);
      b.serve("big", async function* () {
        for (let i = 0; i < 3; i++) yield part;
      });
      const got: Bytes[] = [];
      for await (const chunk of a.request(idOf(a, 1), "big", utf8(""), 3 << 20, never())) got.push(Uint8Array.from(chunk));
      expect(Buffer.compare(concatBytes(...got), concatBytes(part, part, part))).toBe(0);
    });

    test("fails a request for an unknown peer or method, with a handler's error, and beyond its size", 2, async (a, b) => {
      b.serve("fails", async function* () {
        yield utf8("first");
        throw new Error("a detail that stays here");
      });
      b.serve("long", async function* () {
        for (;;) yield new Uint8Array(1000);
      });
      const codeOf = (p: Promise<unknown>) =>
        p.then(
          () => "none",
          (e) => (isNoemaError(e) ? e.code : String(e)),
        );
      expect(await codeOf(drain(a.request("nobody", "x", utf8(""), 10, never())))).toBe("REQUEST_FAILED");
      for (const method of ["absent", "fails", "long"]) expect(await codeOf(ask(a, method, 5000))).toBe("REQUEST_FAILED");
    });

    test("aborts a request on both sides", 2, async (a, b) => {
      const served = new Promise<void>((resolve) => {
        b.serve("hangs", async function* (_, __, signal) {
          try {
            yield utf8("one");
            if (!signal.aborted) await new Promise((r) => signal.addEventListener("abort", r, { once: true }));
          } finally {
            resolve();
          }
        });
      });
      const controller = new AbortController();
      const asked = (async () => {
        for await (const _ of a.request(idOf(a, 1), "hangs", utf8(""), 100, controller.signal)) controller.abort();
      })();
      await expect(asked).rejects.toThrow();
      await served;
    });

    test("publishes to every other node at most once, and not to itself", 4, async (...networks) => {
      const count = 5;
      const inboxes = networks.map((n) => {
        const inbox = collect(count);
        n.onPublish("topic", (from, body) => inbox.add(validatorOf(from), Uint8Array.from(body)));
        return inbox;
      });
      for (let i = 0; i < count; i++) networks[0]?.publish("topic", utf8(`m${i}`));
      const got = await Promise.all(inboxes.slice(1).map((x) => x.full));
      // a second round trip on the same links: a repeated message would have come before it
      for (const n of networks)
        n.serve("barrier", async function* () {
          yield utf8("x");
        });
      for (const n of networks)
        for (const p of n.peers()) if (validatorOf(p) !== 0) await drain(n.request(p.id, "barrier", utf8(""), 9, never()));
      for (const [i, inbox] of got.entries())
        expect(inbox.map(([, b]) => text(b)).sort(), `node ${i + 1}`).toEqual(["m0", "m1", "m2", "m3", "m4"]);
      expect(inboxes[0]?.items).toEqual([]);
    });

    test("tells one peer, as often as it is told to, and that one passes it on to nobody", 3, async (a, b, c) => {
      const [inbox, other] = [collect(3), collect(1)];
      b.onTell("topic", (from, body) => inbox.add(validatorOf(from), Uint8Array.from(body)));
      c.onTell("topic", (from, body) => other.add(validatorOf(from), Uint8Array.from(body)));
      for (const body of ["twice", "twice", "last"]) expect(a.tell(idOf(a, 1), "topic", utf8(body))).toBe(true);
      expect((await inbox.full).map(([v, body]) => [v, text(body)])).toEqual(["twice", "twice", "last"].map((x) => [0, x]));
      expect(b.tell(idOf(b, 2), "topic", utf8("own"))).toBe(true);
      expect((await other.full).map(([v, body]) => [v, text(body)])).toEqual([[1, "own"]]); // behind whatever b had passed on
      expect(a.tell("nobody", "topic", utf8("x"))).toBe(false);
    });
  });
}

async function drain(chunks: AsyncIterable<Bytes>): Promise<Bytes> {
  const parts: Bytes[] = [];
  for await (const chunk of chunks) parts.push(Uint8Array.from(chunk));
  return concatBytes(...parts);
}

function never(): AbortSignal {
  return new AbortController().signal;
}

type Item = [validator: number | undefined, frame: Bytes];

function collect(count: number): { items: Item[]; full: Promise<Item[]>; add(v: number | undefined, frame: Bytes): Verdict } {
  const items: Item[] = [];
  let done: (items: Item[]) => void = () => {};
  const full = new Promise<Item[]>((resolve) => (done = resolve));
  return {
    items,
    full,
    add(v, frame) {
      items.push([v, frame]);
      if (items.length === count) done(items);
      return OK;
    },
  };
}

function text(bytes: Bytes): string {
  return Buffer.from(bytes).toString();
}
