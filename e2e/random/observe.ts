/** What a chain answers, read and held against the model and against anvil. */
import { rpc } from "../harness/devnet.ts";
import { until } from "../harness/wait.ts";
import { accountOf, addBlock, type Block, feeAfter, type Mined, newestOf, numberOf, type Sent } from "./model.ts";
import type { Hex } from "./people.ts";
import type { Span } from "./span.ts";
import { ask, askAnvil, hex, isLone, same, urlOf, type World } from "./world.ts";

export type RpcBlock = Record<
  "number" | "hash" | "parentHash" | "stateRoot" | "timestamp" | "baseFeePerGas" | "gasUsed" | "gasLimit" | "miner" | "mixHash",
  Hex
> & {
  transactions: Hex[];
};
type Log = { address: Hex; topics: Hex[]; data: Hex };
export type Receipt = Record<
  "status" | "gasUsed" | "cumulativeGasUsed" | "effectiveGasPrice" | "blockNumber" | "blockHash" | "transactionIndex" | "from" | "type",
  Hex
> & {
  to: Hex | null;
  contractAddress: Hex | null;
  logs: Log[];
};

export const blockAt = (world: World, tag: Hex | "latest" | "pending") => ask<RpcBlock | null>(world, "eth_getBlockByNumber", tag, false);

export function readOf(block: RpcBlock): Omit<Block, "mined"> {
  return {
    baseFee: BigInt(block.baseFeePerGas),
    gasUsed: BigInt(block.gasUsed),
    gasLimit: BigInt(block.gasLimit),
    coinbase: block.miner,
    timestamp: BigInt(block.timestamp),
    hash: block.hash,
    stateRoot: block.stateRoot,
  };
}

/** Of one that is in a block: at once where one validator answers. */
export async function receiptOf(world: World, hash: Hex): Promise<Receipt> {
  let receipt = await ask<Receipt | null>(world, "eth_getTransactionReceipt", hash);
  if (receipt === null && isLone(world)) throw new Error(`no receipt of ${hash} right after its send`);
  await until(
    async () => {
      receipt ??= await ask<Receipt | null>(world, "eth_getTransactionReceipt", hash);
      return receipt !== null;
    },
    () => `no receipt of ${hash}`,
  );
  return receipt as Receipt;
}

/** The block on top of the model's newest, with what of `sent` is in it. `wall`: from before the request for it to its answer. */
export async function takeBlock(world: World, sent: readonly Sent[], wall: Span, quiet?: bigint): Promise<void> {
  const number = world.chain.blocks.length;
  const last = sent.at(-1);
  if (last !== undefined) await receiptOf(world, last.hash);
  const made: Span = [wall[0], isLone(world) ? wall[1] : Date.now()]; // of several one answers a send before its block, when that takes long
  const block = await blockAt(world, hex(number));
  if (block === null) throw new Error(`no block ${number}`);
  same(`block ${number}: parent`, block.parentHash, newestOf(world.chain).hash);
  const { randao } = world.chain.next;
  if (randao !== undefined && quiet === undefined) same(`block ${number}: prevRandao`, BigInt(block.mixHash), randao);
  const mined: Mined[] = [];
  for (const hash of block.transactions) {
    const found = sent.find((x) => x.hash === hash);
    if (found === undefined) throw new Error(`block ${number} has ${hash}, which nobody sent`);
    mined.push(await minedOf(world, found, block));
  }
  same(`block ${number}: transactions`, mined.length, sent.length);
  addBlock(world.chain, readOf(block), mined, made, quiet);
  await sameAsAnvil(world, number, block);
}

async function minedOf(world: World, sent: Sent, block: RpcBlock): Promise<Mined> {
  const receipt = await receiptOf(world, sent.hash);
  world.hashes.add(sent.hash);
  same(`${sent.hash}: block`, [receipt.blockNumber, receipt.blockHash], [block.number, block.hash]);
  same(`${sent.hash}: sender`, receipt.from, sent.from.toLowerCase());
  same(`${sent.hash}: status of ${sent.effect.kind}`, receipt.status, sent.effect.kind === "fail" ? "0x0" : "0x1");
  if (sent.effect.kind === "deploy") same("where it is", receipt.contractAddress?.toLowerCase(), sent.effect.at.toLowerCase());
  same(`${sent.hash}: logs`, receipt.logs.length, sent.effect.kind === "store" ? 1 : 0);
  return { ...sent, gasUsed: BigInt(receipt.gasUsed), price: BigInt(receipt.effectiveGasPrice) };
}

const ALIKE = ["number", "baseFeePerGas", "gasUsed", "gasLimit", "miner"] as const;

/** Fields that anvil has too; the timestamp where it was set. */
async function sameAsAnvil(world: World, number: number, ours: RpcBlock): Promise<void> {
  if (world.anvil === undefined) return;
  const url = world.anvil;
  let theirs: RpcBlock | null = null;
  await until(
    async () => {
      theirs = await rpc<RpcBlock | null>(url, "eth_getBlockByNumber", hex(number), false);
      return theirs !== null;
    },
    () => `anvil has no block ${number}`,
  );
  const block = theirs as unknown as RpcBlock;
  same(
    `block ${number}, as anvil has it`,
    ALIKE.map((x) => ours[x]),
    ALIKE.map((x) => block[x]),
  );
  const [own, others] = await Promise.all(
    [ours, block].map(({ transactions }, i) => receipts((i === 0 ? urlOf(world) : url) as string, transactions)),
  );
  same(`receipts of block ${number}, as anvil has them`, own, others);
}

/** By sender and nonce: an anvil orders those of one block by their greatest fee alone, and impersonated ones have hashes of their own there. */
async function receipts(url: string, hashes: readonly Hex[]): Promise<unknown[]> {
  const read = hashes.map(async (hash) => {
    const [receipt, { nonce }] = await Promise.all([
      rpc<Receipt>(url, "eth_getTransactionReceipt", hash),
      rpc<{ nonce: Hex }>(url, "eth_getTransactionByHash", hash),
    ]);
    return { key: `${receipt.from} ${nonce}`, ...shared(receipt) };
  });
  return (await Promise.all(read)).sort((a, b) => (a.key < b.key ? -1 : 1));
}

/** Fields that do not depend on the order in the block. */
function shared({ status, gasUsed, effectiveGasPrice, blockNumber, from, to, type, contractAddress, logs }: Receipt) {
  const plain = logs.map(({ address, topics, data }) => ({ address, topics, data }));
  return { status, gasUsed, effectiveGasPrice, blockNumber, from, to, type, created: contractAddress?.toLowerCase() ?? null, logs: plain };
}

export async function checkAccount(world: World, address: Hex): Promise<void> {
  const { balance, nonce, code, slots } = accountOf(world.chain, address);
  const read = async (one: typeof ask) => [
    BigInt(await one(world, "eth_getBalance", address, "latest")),
    Number(await one(world, "eth_getTransactionCount", address, "latest")),
    await one(world, "eth_getCode", address, "latest"),
    ...(await Promise.all(
      [...slots.keys()].map(async (slot) => BigInt(await one(world, "eth_getStorageAt", address, `0x${slot}`, "latest"))),
    )),
  ];
  same(`account ${address}`, await read(ask), [balance, nonce, code, ...slots.values()]);
  if (world.anvil !== undefined)
    same(`account ${address}, in anvil`, await read(askAnvil as typeof ask), [balance, nonce, code, ...slots.values()]);
}

/** Number, fee and time of the block to come, and the accounts that matter. */
export async function checkHead(world: World, wall?: Span): Promise<void> {
  const { chain } = world;
  same("number", Number(await ask(world, "eth_blockNumber")), numberOf(chain));
  same("newest", (await blockAt(world, "latest"))?.hash, newestOf(chain).hash);
  if (world.anvil !== undefined) same("number, in anvil", Number(await askAnvil(world, "eth_blockNumber")), numberOf(chain));
  if (wall === undefined) return;
  const pending = (await blockAt(world, "pending")) as RpcBlock;
  same("base fee to come", BigInt(pending.baseFeePerGas), chain.next.baseFee ?? feeAfter(newestOf(chain)));
}

/** Everything there is: each block and its parent, each account, each transaction's receipt or its absence. */
export async function checkAll(world: World): Promise<void> {
  const { chain } = world;
  await checkHead(world);
  for (const address of chain.accounts.keys()) await checkAccount(world, address);
  const inChain = new Map(chain.blocks.flatMap(({ hash, mined }) => mined.map((x) => [x.hash, hash] as const)));
  for (const hash of world.hashes) {
    const receipt = await ask<Receipt | null>(world, "eth_getTransactionReceipt", hash);
    same(`receipt of ${hash}`, receipt?.blockHash ?? null, inChain.get(hash) ?? null);
  }
  await checkBlocks(world, 0, urlOf(world));
  same("a block above", await blockAt(world, hex(chain.blocks.length)), null);
}

/** Blocks of one validator from a number on, and that it finds each by its hash. */
export async function checkBlocks({ chain }: World, from: number, url: string): Promise<void> {
  for (let number = from; number < chain.blocks.length; number++) {
    const { hash, stateRoot, timestamp, mined } = chain.blocks[number] as Block;
    const block = await rpc<RpcBlock>(url, "eth_getBlockByNumber", hex(number), false);
    const parent = number === 0 ? block.parentHash : chain.blocks[number - 1]?.hash;
    same(
      `block ${number}`,
      [block.hash, block.stateRoot, BigInt(block.timestamp), block.transactions.length, block.parentHash],
      [hash, stateRoot, timestamp, mined.length, parent],
    );
    if (number % 7 === 0)
      same(`number of ${hash}`, (await rpc<RpcBlock | null>(url, "eth_getBlockByHash", hash, false))?.number, hex(number));
  }
}
