/** Steps that end processes by kill -9, between operations and in the middle of one, and start them again. */
import { setImmediate as turn } from "node:timers/promises";
import { takeMade } from "./made.ts";
import { accountOf, numberOf } from "./model.ts";
import { checkAccount, checkAll, checkHead, takeBlock } from "./observe.ts";
import { GHOST, type Hex, keyed, sign } from "./people.ts";
import { timed } from "./span.ts";
import type { Step } from "./step.ts";
import { ask, askAnvil, goTo, hex, isLone, same, type World } from "./world.ts";

async function killAndRestart(world: World): Promise<void> {
  await world.net.kill(world.at);
  await world.net.restart(world.at);
  world.restarts++;
}

async function restartLone(world: World): Promise<void> {
  await killAndRestart(world);
  await checkAll(world);
  same("automine", await ask<boolean>(world, "anvil_getAutomine"), world.auto);
  same("what waits", (await ask<unknown[]>(world, "eth_pendingTransactions")).length, world.chain.waiting.length);
}

/** The kill comes while it is asked; resolves with whether it was answered. */
async function killDuring(world: World, asked: () => Promise<unknown>): Promise<boolean> {
  const answer = asked().then(
    () => true,
    () => false,
  );
  for (let turns = world.random.below(40); turns > 0; turns--) await turn();
  await killAndRestart(world);
  return answer;
}

/** Either it is as it was, or as it was to be: which it is, a second request after it tells. */
async function killSetting(world: World): Promise<void> {
  const who = keyed[world.random.below(keyed.length)] as Hex;
  const account = accountOf(world.chain, who);
  const balance = account.balance + 1n + BigInt(world.random.below(1000));
  const answered = await killDuring(world, () => ask(world, "anvil_setBalance", who, hex(balance)));
  const found = BigInt(await ask(world, "eth_getBalance", who, "latest"));
  same("the balance", [account.balance, balance].includes(found) && (found === balance || !answered), true);
  await ask(world, "anvil_setBalance", who, hex(balance));
  await askAnvil(world, "anvil_setBalance", who, hex(balance));
  account.balance = balance;
  await checkAccount(world, who);
  await checkHead(world);
}

/** What the lane had taken comes before what is asked for now. */
const laneIsEmpty = (world: World) => ask(world, "anvil_setBalance", GHOST, hex(accountOf(world.chain, GHOST).balance));

/** Blocks: all that were asked for, or none. */
async function killMining(world: World): Promise<void> {
  const count = 1 + world.random.below(20);
  const before = numberOf(world.chain);
  const { value: answered, wall } = await timed(async () => {
    const done = await killDuring(world, () => ask(world, "anvil_mine", hex(count)));
    await laneIsEmpty(world);
    return done;
  });
  const made = Number(await ask(world, "eth_blockNumber")) - before;
  same("blocks", made === count || (made === 0 && !answered), true);
  if (made === 0) return;
  await askAnvil(world, "anvil_mine", hex(count));
  await takeMade(world, [], made, world.chain.next.interval ?? 0n, wall, true);
  await checkHead(world);
}

/** A payment that was answered is in a block; one that was not can be sent again. */
async function killSending(world: World): Promise<void> {
  const who = keyed[0] as Hex;
  const { nonce, balance } = accountOf(world.chain, who);
  if (balance < 10n ** 18n) return;
  const draft = { nonce, to: GHOST, value: 1n, data: "0x" as Hex, gas: 21_000n, tip: 1n, maxFee: 10n ** 11n };
  const raw = sign(0, draft);
  let hash: Hex | undefined;
  const { wall } = await timed(async () => {
    const answered = await killDuring(world, async () => (hash = await ask(world, "eth_sendRawTransaction", raw)));
    if (answered) return;
    await laneIsEmpty(world); // else it stands in two batches, and the second makes a block with nothing in it
    hash = await ask(world, "eth_sendRawTransaction", raw).catch(() => hash);
  });
  const theirs = await askAnvil(world, "eth_sendRawTransaction", raw);
  const sent = (await ask<{ hash: Hex } | null>(world, "eth_getTransactionBySenderAndNonce", who, hex(nonce)))?.hash ?? hash;
  if (theirs !== undefined) same("its hash", sent, theirs);
  await takeBlock(world, [{ ...draft, hash: sent as Hex, from: who, effect: { kind: "pay" } }], wall);
  await checkAccount(world, who);
}

/** Of several: the others go on without it. */
async function killOne(world: World): Promise<void> {
  const down = (world.at + 1 + world.random.below(world.net.rpcUrls.length - 1)) % world.net.rpcUrls.length;
  await world.net.kill(down);
  world.down = down;
}

async function restartOne(world: World): Promise<void> {
  const index = world.down as number;
  await world.net.restart(index);
  world.down = undefined;
  world.restarts++;
  await goTo(world, index);
  await checkAll(world);
}

/** Through another one from now on: it has the same root, and everything else. */
async function askAnother(world: World): Promise<void> {
  const others = world.net.rpcUrls.map((_, i) => i).filter((i) => i !== world.at && i !== world.down);
  await goTo(world, others[world.random.below(others.length)] as number);
}

const quiet = (world: World) => world.chain.waiting.length === 0;

export const deaths: readonly Step[] = [
  { name: "kill -9 and restart", weight: 0.6, can: isLone, run: restartLone },
  { name: "kill -9 while a balance is set", weight: 0.6, can: (w) => isLone(w) && quiet(w), run: killSetting },
  {
    name: "kill -9 while blocks are made",
    weight: 0.6,
    can: (w) => isLone(w) && quiet(w) && w.chain.next.timestamp === undefined,
    run: killMining,
  },
  { name: "kill -9 while it is sent", weight: 0.6, can: (w) => isLone(w) && quiet(w) && w.auto, run: killSending },
  { name: "kill -9 one of several", weight: 1, can: (w) => !isLone(w) && w.down === undefined, run: killOne },
  { name: "restart it", weight: 3, can: (w) => w.down !== undefined, run: restartOne },
  { name: "ask another", weight: 5, can: (w) => !isLone(w) && quiet(w), run: askAnother },
];
