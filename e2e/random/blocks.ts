/** Steps that say when blocks come, and with what. */

import { takeMade } from "./made.ts";
import { accountOf, GAS_LIMIT, newestOf, numberOf, type Sent } from "./model.ts";
import { checkHead, takeBlock } from "./observe.ts";
import { GHOST, MINERS, word } from "./people.ts";
import { plus, type Span, timed } from "./span.ts";
import type { Step } from "./step.ts";
import { ask, hex, isLone, isRefused, same, tell, type World } from "./world.ts";

/** In one block, as a request for it brings them. */
function takeWaiting(world: World): readonly Sent[] {
  const sent = world.chain.waiting;
  world.chain.waiting = [];
  return sent;
}

/** Blocks that were asked for at this moment: the first with what waited, the others after it. */
async function takeRun(world: World, count: number, seconds: bigint, wall: Span): Promise<void> {
  const { chain } = world;
  const apart = seconds > 0n ? seconds : (chain.next.interval ?? 0n);
  const waited = takeWaiting(world);
  // Each block after one with transactions is an operation of its own where seconds are asked for: a timestamp that is set.
  await takeMade(world, waited, count, apart, wall, seconds === 0n || waited.length === 0);
  same("blocks that were asked for", Number(await ask(world, "eth_blockNumber")), numberOf(chain));
}

async function mine(world: World): Promise<void> {
  const count = 1 + world.random.below(5);
  const { wall } = await timed(() => tell(world, "anvil_mine", hex(count)));
  if (world.chain.waiting.length > 0 && count > 1) {
    await takeBlock(world, takeWaiting(world), wall);
    await takeRun(world, count - 1, 0n, wall);
  } else await takeRun(world, count, 0n, wall);
}

/** Seconds before each of them, the first too. */
async function mineApart(world: World): Promise<void> {
  const [count, seconds] = [1 + world.random.below(4), 1 + world.random.below(100)];
  const { wall } = await timed(() => tell(world, "anvil_mine", hex(count), hex(seconds)));
  world.chain.offset = plus(world.chain.offset, [seconds * 1000, seconds * 1000]);
  await takeRun(world, count, BigInt(seconds), wall);
}

async function evmMine(world: World): Promise<void> {
  const at = newestOf(world.chain).timestamp + BigInt(world.random.below(50));
  world.chain.next.timestamp = at;
  const { wall } = await timed(() => tell(world, "evm_mine", Number(at)));
  await takeBlock(world, takeWaiting(world), wall);
}

async function increaseTime(world: World): Promise<void> {
  const seconds = world.random.below(1000);
  await tell(world, "evm_increaseTime", seconds);
  world.chain.offset = plus(world.chain.offset, [seconds * 1000, seconds * 1000]);
}

async function setNextTimestamp(world: World): Promise<void> {
  const at = newestOf(world.chain).timestamp + BigInt(world.random.below(500));
  await tell(world, "evm_setNextBlockTimestamp", Number(at));
  world.chain.next.timestamp = at;
}

async function setPast(world: World): Promise<void> {
  const at = newestOf(world.chain).timestamp - 1n - BigInt(world.random.below(500));
  same("an earlier time is refused", (await isRefused(ask(world, "evm_setNextBlockTimestamp", Number(at)))) !== undefined, true);
}

/** Seconds from block to block; the next one is removed again. */
async function setTimestampInterval(world: World): Promise<void> {
  if (world.chain.next.interval !== undefined) {
    same("there was an interval", await tell(world, "anvil_removeBlockTimestampInterval"), true);
    world.chain.next.interval = undefined;
    return;
  }
  const seconds = world.random.below(60);
  await tell(world, "anvil_setBlockTimestampInterval", seconds);
  world.chain.next.interval = BigInt(seconds);
}

async function setBaseFee(world: World): Promise<void> {
  const fee = [0n, 7n, 10n ** 9n, 3n * 10n ** 9n][world.random.below(4)] as bigint;
  await tell(world, "anvil_setNextBlockBaseFeePerGas", hex(fee));
  world.chain.next.baseFee = fee;
  await checkHead(world, [0, 0]);
}

async function setCoinbase(world: World): Promise<void> {
  const miner = MINERS[world.random.below(MINERS.length)] as (typeof MINERS)[number];
  await tell(world, "anvil_setCoinbase", miner);
  world.chain.next.coinbase = miner;
  accountOf(world.chain, miner);
}

/** anvil has no such method. */
async function setRandao(world: World): Promise<void> {
  const randao = BigInt(1 + world.random.below(2 ** 30));
  await ask(world, "anvil_setPrevRandao", `0x${word(randao)}`);
  world.chain.next.randao = randao;
}

async function setGasLimit(world: World): Promise<void> {
  const limit = [GAS_LIMIT, 20_000_000n, 25_000_000n][world.random.below(3)] as bigint;
  await tell(world, "evm_setBlockGasLimit", hex(limit));
  world.chain.next.gasLimit = limit;
}

async function setAutomine(world: World): Promise<void> {
  if (!world.auto && world.chain.waiting.length > 0) {
    const { wall } = await timed(() => tell(world, "evm_mine"));
    await takeBlock(world, takeWaiting(world), wall);
  }
  world.auto = !world.auto;
  await tell(world, "evm_setAutomine", world.auto);
  same("automine", await ask<boolean>(world, "anvil_getAutomine"), world.auto);
}

async function drop(world: World): Promise<void> {
  const { waiting } = world.chain;
  if (!isLone(world)) {
    same("several validators hold it", await isRefused(ask(world, "anvil_dropAllTransactions")), "DEV_NEEDS_ONE_VALIDATOR");
    return;
  }
  // The last of its sender: what is behind it would wait for ever.
  const gone = waiting[waiting.length - 1 - world.random.below(waiting.length)] as Sent;
  if (waiting.some((x) => x.from === gone.from && x.nonce > gone.nonce)) return;
  if (world.anvil !== undefined && gone.from === GHOST) return; // it has another hash there
  await tell(world, "anvil_dropTransaction", gone.hash);
  world.chain.waiting = waiting.filter((x) => x !== gone);
  same("what was dropped", await ask<null>(world, "eth_getTransactionByHash", gone.hash), null);
}

async function impersonate(world: World): Promise<void> {
  const on = world.random.below(3) > 0;
  await tell(world, on ? "anvil_impersonateAccount" : "anvil_stopImpersonatingAccount", GHOST);
  world.impersonated = on;
}

async function impersonateAll(world: World): Promise<void> {
  world.everybody = !world.everybody;
  await tell(world, "anvil_autoImpersonateAccount", world.everybody);
}

/** No wish for the next block is in the way of another. */
const hasNone = ({ chain: { next } }: World) => next.timestamp === undefined && next.interval === undefined;
const hasNoTime = ({ chain: { next } }: World) => next.timestamp === undefined;

export const blockSteps: readonly Step[] = [
  { name: "mine", weight: 6, run: mine },
  { name: "mine with seconds between", weight: 3, can: (w) => hasNone(w) && w.chain.waiting.length === 0, run: mineApart },
  { name: "evm_mine at a time", weight: 3, run: evmMine },
  { name: "increaseTime", weight: 3, can: hasNoTime, run: increaseTime },
  { name: "setNextBlockTimestamp", weight: 3, run: setNextTimestamp },
  { name: "setNextBlockTimestamp in the past", weight: 1, run: setPast },
  { name: "setBlockTimestampInterval", weight: 2, run: setTimestampInterval },
  { name: "setNextBlockBaseFeePerGas", weight: 3, run: setBaseFee },
  { name: "setCoinbase", weight: 2, run: setCoinbase },
  { name: "setPrevRandao", weight: 1, run: setRandao },
  { name: "setBlockGasLimit", weight: 1, run: setGasLimit },
  { name: "setAutomine", weight: 3, run: setAutomine },
  { name: "drop", weight: 2, can: (w) => w.chain.waiting.length > 0, run: drop },
  { name: "impersonate", weight: 3, run: impersonate },
  { name: "impersonate everybody", weight: 1, run: impersonateAll },
];
