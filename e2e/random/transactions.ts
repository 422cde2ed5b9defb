/** Steps that send: payments, contracts, their failures, of who has a key and of who is impersonated. */
import { fromHex, to0x } from "@noema/core/bytes";
import { keccak256 } from "@noema/core/hash";
import { accountOf, type Effect, type Sent } from "./model.ts";
import { takeBlock } from "./observe.ts";
import { BOX, BOX_INIT, type Draft, GHOST, type Hex, KEYED, keyed, sign, word } from "./people.ts";
import { timed } from "./span.ts";
import type { Step } from "./step.ts";
import { ask, askAnvil, hex, isRefused, same, type World } from "./world.ts";

const GWEI = 10n ** 9n;
const ETHER = 10n ** 18n;
/** Above every base fee that a step sets. */
const MAX_FEE = 100n * GWEI;
const SLOTS = 6;

const boxes = ({ chain }: World): Hex[] => [...chain.accounts].filter(([, x]) => x.code === BOX).map(([at]) => at);
const pick = <T>({ random }: World, items: readonly T[]): T => items[random.below(items.length)] as T;

/** Nonce after what waits. */
function nonceOf({ chain }: World, who: Hex): number {
  return accountOf(chain, who).nonce + chain.waiting.filter((x) => x.from === who).length;
}

/** Ether that is left beside what waits. */
function left({ chain }: World, who: Hex): bigint {
  return accountOf(chain, who).balance - BigInt(chain.waiting.filter((x) => x.from === who).length) * ETHER;
}

type Plan = { draft: Draft; effect: Effect };

function plan(world: World, who: Hex): Plan {
  const { random } = world;
  const common = { nonce: nonceOf(world, who), tip: BigInt(random.below(5000)) * 1_000_003n + BigInt(random.below(1000)), maxFee: MAX_FEE };
  const pay = {
    ...common,
    to: pick(world, [...keyed, GHOST]),
    value: BigInt(random.below(1000)) * 10n ** 12n,
    data: "0x" as Hex,
    gas: 21_000n,
  };
  const kinds = boxes(world).length === 0 ? 2 : 6;
  switch (random.below(kinds)) {
    case 0:
      return { draft: pay, effect: { kind: "pay" } };
    case 1: {
      const at = created(who, common.nonce);
      if (accountOf(world.chain, at).code !== "0x" || accountOf(world.chain, at).nonce > 0) return { draft: pay, effect: { kind: "pay" } };
      return { draft: { ...common, value: 0n, data: BOX_INIT, gas: 200_000n }, effect: { kind: "deploy", at } };
    }
    case 2:
      return { draft: { ...common, to: pick(world, boxes(world)), value: 0n, data: "0x01", gas: 100_000n }, effect: { kind: "fail" } };
    default: {
      const [slot, value] = [word(random.below(SLOTS)), BigInt(random.below(3)) * BigInt(1 + random.below(2 ** 30))];
      const data: Hex = `0x${slot}${word(value)}`;
      const draft = { ...common, to: pick(world, boxes(world)), value: BigInt(random.below(100)), data, gas: 100_000n };
      return { draft, effect: { kind: "store", slot, value } };
    }
  }
}

/** keccak256(rlp([sender, nonce])), of nonces below 2^16. */
function created(sender: Hex, nonce: number): Hex {
  const digits = nonce.toString(16).padStart(nonce > 255 ? 4 : 2, "0");
  const rlp = nonce === 0 ? "80" : nonce < 128 ? digits : `${(0x80 + digits.length / 2).toString(16)}${digits}`;
  const body = `94${sender.slice(2)}${rlp}`;
  return to0x(keccak256(fromHex(`0x${(0xc0 + body.length / 2).toString(16)}${body}`)).subarray(12)) as Hex;
}

const sentOf = (hash: Hex, from: Hex, { to, value, tip, maxFee, nonce }: Draft, effect: Effect): Sent => ({
  hash,
  from,
  to,
  value,
  tip,
  maxFee,
  nonce,
  effect,
});

async function settle(world: World, send: () => Promise<Sent>): Promise<void> {
  const { value: sent, wall } = await timed(send);
  if (world.auto) await takeBlock(world, [sent], wall);
  else {
    world.hashes.add(sent.hash);
    world.chain.waiting.push(sent);
    same("it waits", (await ask<{ blockNumber: null }>(world, "eth_getTransactionByHash", sent.hash)).blockNumber, null);
  }
}

async function sendSigned(world: World): Promise<void> {
  const person = world.random.below(KEYED);
  const who = keyed[person] as Hex;
  if (left(world, who) < 2n * ETHER) return;
  const { draft, effect } = plan(world, who);
  const raw = sign(person, draft);
  await settle(world, async () => {
    const hash = await ask(world, "eth_sendRawTransaction", raw);
    const theirs = await askAnvil(world, "eth_sendRawTransaction", raw);
    if (theirs !== undefined) same("hash, as anvil has it", hash, theirs);
    return sentOf(hash, who, draft, effect);
  });
}

async function sendImpersonated(world: World): Promise<void> {
  const { draft, effect } = plan(world, GHOST);
  const { tip, maxFee, nonce, value, gas, ...rest } = draft;
  const request = {
    ...rest,
    from: GHOST,
    value: hex(value),
    gas: hex(gas),
    nonce: hex(nonce),
    maxFeePerGas: hex(maxFee),
    maxPriorityFeePerGas: hex(tip),
  };
  const may = world.impersonated || world.everybody;
  if (!may || left(world, GHOST) < 2n * ETHER) {
    const refused = await isRefused(ask(world, "eth_sendTransaction", request));
    if (!may) same("who is not impersonated is refused", refused !== undefined, true);
    return;
  }
  await settle(world, async () => {
    const hash = await ask(world, "eth_sendTransaction", request);
    await askAnvil(world, "eth_sendTransaction", request);
    return sentOf(hash, GHOST, draft, effect);
  });
}

/** A nonce that was used, more ether than there is: refused, and nothing changes. */
async function sendRefused(world: World): Promise<void> {
  const person = world.random.below(KEYED);
  const { nonce, balance } = accountOf(world.chain, keyed[person] as Hex);
  const draft = { to: GHOST, data: "0x" as Hex, gas: 21_000n, tip: 1n, maxFee: MAX_FEE };
  const used = nonce > 0 && world.random.below(2) === 0;
  const raw = sign(person, used ? { ...draft, nonce: nonce - 1, value: 12_345n } : { ...draft, nonce, value: balance });
  same("it is refused", (await isRefused(ask(world, "eth_sendRawTransaction", raw))) !== undefined, true);
}

export const transactionSteps: readonly Step[] = [
  { name: "send", weight: 30, run: sendSigned },
  { name: "send as somebody else", weight: 6, run: sendImpersonated },
  { name: "send what is refused", weight: 2, run: sendRefused },
];
