import { expect, it } from "vitest";
import { askOne, askPeer, converted, maxAnswer, NOTHING, type PeerMethod, servePeers } from "./peer-methods.ts";
import type { Peer } from "./ports/network.ts";
import { createKeyedValidators } from "./testing/keyed-scheme.ts";
import { createSimClock } from "./testing/sim-clock.ts";
import { createSimNetwork } from "./testing/sim-network.ts";
import { UintNumberType } from "./types/ssz.ts";

const [key] = createKeyedValidators([1n]).signers.map((x) => x.publicKey);
const never = new AbortController().signal;
const byte = new UintNumberType(1);
/** The number and those below it, as texts. */
const method: PeerMethod<number, string> = {
  name: "test/down",
  question: byte,
  answer: converted(byte, Number, String),
  items: 3,
  perSecond: 2,
};

function serving() {
  const clock = createSimClock();
  const network = createSimNetwork();
  const [server, client] = [network.join("server"), network.join("client", key)];
  const asked: [from: Peer, value: number][] = [];
  servePeers({ network: server, clock }, method, async function* (from, value) {
    asked.push([from, value]);
    for (let i = value; i > 0; i--) yield String(i);
  });
  const ask = async (from: typeof client, value: number, items?: number) => {
    const out: string[] = [];
    for await (const item of askPeer(from, "server", method, value, never, items)) out.push(item);
    return out;
  };
  return { clock, network, client, asked, ask };
}

it("carries a question and each item of its answer in their types, as many as are wanted, never more than the row says", async () => {
  const { client, asked, ask, clock } = serving();
  expect(maxAnswer(method)).toBe(3);
  expect(await ask(client, 3)).toEqual(["3", "2", "1"]);
  expect(await ask(client, 3, 2)).toEqual(["3", "2"]);
  expect(asked[0]?.[1]).toBe(3);
  clock.advance(1000);
  await expect(ask(client, 4)).rejects.toMatchObject({ code: "REQUEST_FAILED" });
  await expect(askOne(client, "server", method, 0, never)).rejects.toMatchObject({ code: "REQUEST_FAILED" });
});

it("refuses a question that is not of its type", async () => {
  const { client } = serving();
  const ask = askOne(client, "server", { ...method, question: NOTHING } as unknown as PeerMethod<undefined, string>, undefined, never);
  await expect(ask).rejects.toMatchObject({ code: "REQUEST_FAILED", data: { reason: "SSZ_INVALID" } });
});

it("answers so many questions a second of one key, whatever its peer id, and others' all the same", async () => {
  const { clock, network, client, ask } = serving();
  const refused = expect.objectContaining({ code: "REQUEST_FAILED" });
  await ask(client, 1);
  await ask(client, 1);
  await expect(ask(client, 1)).rejects.toEqual(refused);
  await expect(ask(network.join("the same key", key), 1)).rejects.toEqual(refused);
  expect(await ask(network.join("another"), 1)).toEqual(["1"]);
  clock.advance(1000);
  expect(await ask(client, 1)).toEqual(["1"]);
});
