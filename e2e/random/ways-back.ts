/** Steps that go back: snapshots, reverts to living and to dead ones, rollbacks, resets. */
import { copyOf, createChain, goBack, newestOf, nextFee, numberOf, type State } from "./model.ts";
import { blockAt, checkAll, checkHead } from "./observe.ts";
import { GHOST, type Hex, keyed, MINERS } from "./people.ts";
import { minus, plus, timed } from "./span.ts";
import type { Step } from "./step.ts";
import { ask, askAnvil, hex, isLone, type Snapshot, same, tell, type World } from "./world.ts";

const BALANCE = 1000n * 10n ** 18n;

/** Who takes part has ether, and fees go to somebody known. */
export async function fund(world: World): Promise<void> {
  for (const who of [...keyed, GHOST]) {
    await tell(world, "anvil_setBalance", who, hex(BALANCE));
    world.chain.accounts.set(who, { balance: BALANCE, nonce: 0, code: "0x", slots: new Map() });
  }
  await tell(world, "anvil_setCoinbase", MINERS[0]);
  world.chain.next.coinbase = MINERS[0];
  for (const miner of MINERS) world.chain.accounts.set(miner, { balance: 0n, nonce: 0, code: "0x", slots: new Map() });
}

async function snapshot(world: World): Promise<void> {
  const { value: id, wall } = await timed(() => ask(world, "evm_snapshot"));
  const anvilId = await askAnvil(world, "evm_snapshot");
  same(
    "an id is used once",
    world.snapshots.some((x) => x.id === id),
    false,
  );
  const clock = plus(wall, world.chain.offset);
  world.snapshots.push({
    id,
    anvilId,
    to: copyOf(world.chain),
    number: numberOf(world.chain),
    clock,
    restarts: world.restarts,
    isLive: true,
  });
}

/** What the pool held is known as long as its process lives. */
const usable = ({ snapshots, restarts }: World) =>
  snapshots.filter((x) => x.isLive && (x.to.waiting.length === 0 || x.restarts === restarts));

async function revert(world: World): Promise<void> {
  const living = usable(world);
  const chosen = living[world.random.below(living.length)] as Snapshot;
  if (world.auto && chosen.to.waiting.length > 0) {
    await tell(world, "evm_setAutomine", false);
    world.auto = false;
  }
  const { value, wall } = await timed(() => ask<boolean>(world, "evm_revert", chosen.id));
  same("it is reverted", value, true);
  if (chosen.anvilId !== undefined) await askAnvil(world, "evm_revert", chosen.anvilId);
  forget(world, (x) => x.number > chosen.number || world.snapshots.indexOf(x) >= world.snapshots.indexOf(chosen));
  goBack(world.chain, chosen.to, chosen.number);
  world.chain.offset = minus(chosen.clock, wall);
  await wentBack(world);
}

function forget(world: World, isGone: (snapshot: Snapshot) => boolean): void {
  for (const each of world.snapshots.filter(isGone)) each.isLive = false;
}

async function wentBack(world: World): Promise<void> {
  const pending = await blockAt(world, "pending");
  same("base fee to come after a way back", BigInt(pending?.baseFeePerGas as string), nextFee(world.chain));
  await alignAnvil(world);
  await checkHead(world);
}

/** anvil keeps, on its ways back, its clock, the fee of the block to come and what is set for later ones. */
export async function alignAnvil(world: World): Promise<void> {
  if (world.anvil === undefined) return;
  const { next } = world.chain;
  const theirs = await askAnvil<{ timestamp: Hex }>(world, "eth_getBlockByNumber", "latest", false);
  const latest = [newestOf(world.chain).timestamp, BigInt(theirs?.timestamp ?? 0)].reduce((a, b) => (a > b ? a : b));
  next.timestamp ??= latest + 1n;
  await tell(world, "evm_setNextBlockTimestamp", Number(next.timestamp));
  await askAnvil(world, "anvil_setNextBlockBaseFeePerGas", hex(nextFee(world.chain)));
  await askAnvil(world, "evm_setBlockGasLimit", hex(next.gasLimit));
  if (next.coinbase !== undefined) await askAnvil(world, "anvil_setCoinbase", next.coinbase);
  if (next.interval === undefined) await askAnvil(world, "anvil_removeBlockTimestampInterval");
  else await askAnvil(world, "anvil_setBlockTimestampInterval", Number(next.interval));
}

/** One that was used or passed, or never was. */
async function revertToDead(world: World): Promise<void> {
  const dead = world.snapshots.filter((x) => !x.isLive);
  const id = dead.length === 0 ? "0xffffff" : (dead[world.random.below(dead.length)] as Snapshot).id;
  same("a snapshot that is gone", await ask<boolean>(world, "evm_revert", id), false);
  await checkHead(world);
}

async function rollback(world: World): Promise<void> {
  const number = numberOf(world.chain) - 1 - world.random.below(3);
  const end: State | undefined = world.chain.ends.get(number);
  if (end === undefined) return;
  await ask(world, "anvil_rollback", numberOf(world.chain) - number);
  goBack(world.chain, { ...end, waiting: [] }, number);
  forget(world, (x) => x.number > number);
  await wentBack(world);
}

async function reset(world: World): Promise<void> {
  await tell(world, world.random.below(2) === 0 ? "anvil_reset" : "hardhat_reset");
  const genesis = world.chain.blocks[0] as (typeof world.chain.blocks)[number];
  world.chain = createChain(genesis);
  forget(world, () => true);
  Object.assign(world, { auto: true, impersonated: false, everybody: false });
  await askAnvil(world, "evm_setAutomine", true);
  await askAnvil(world, "anvil_stopImpersonatingAccount", GHOST);
  await askAnvil(world, "anvil_autoImpersonateAccount", false);
  await fund(world);
  await wentBack(world);
}

/** Pools of several, and anvil's, do not go back with the chain. */
const isQuiet = (world: World) => world.chain.waiting.length === 0;
const canCompare = (world: World) =>
  isQuiet(world) && (world.anvil === undefined || (world.chain.next.timestamp === undefined && world.chain.next.baseFee === undefined));

export const waysBack: readonly Step[] = [
  { name: "snapshot", weight: 5, can: (w) => (isLone(w) && w.anvil === undefined) || canCompare(w), run: snapshot },
  { name: "revert", weight: 4, can: (w) => usable(w).length > 0 && isQuiet(w), run: revert },
  { name: "revert to a dead snapshot", weight: 1, run: revertToDead },
  { name: "rollback", weight: 2, can: (w) => w.anvil === undefined && isQuiet(w), run: rollback },
  { name: "reset", weight: 0.3, can: isQuiet, run: reset },
  { name: "everything is read", weight: 1, run: checkAll },
];
