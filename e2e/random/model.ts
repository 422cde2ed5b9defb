/** What a random chain must be: accounts and blocks by rules written down a second time, in the few lines that they take without an EVM. */
import { BOX, type Hex } from "./people.ts";
import { type Span, within } from "./span.ts";

export type Account = { balance: bigint; nonce: number; code: Hex; slots: Map<string, bigint> };

/** What a transaction does besides paying. */
export type Effect = { kind: "pay" } | { kind: "fail" } | { kind: "deploy"; at: Hex } | { kind: "store"; slot: string; value: bigint };
export type Sent = { hash: Hex; from: Hex; to?: Hex; value: bigint; tip: bigint; maxFee: bigint; nonce: number; effect: Effect };
export type Mined = Sent & { gasUsed: bigint; price: bigint };

export type Block = {
  baseFee: bigint;
  gasUsed: bigint;
  gasLimit: bigint;
  coinbase: Hex;
  /** As it was read. */
  timestamp: bigint;
  hash: Hex;
  stateRoot: Hex;
  mined: readonly Mined[];
};

/** What a revert takes back, but for the blocks. */
export type State = {
  accounts: Map<Hex, Account>;
  next: { timestamp?: bigint; baseFee?: bigint; randao?: bigint; interval?: bigint; coinbase?: Hex; gasLimit: bigint };
  /** Milliseconds between the wall's clock and the chain's, as closely as it is known. */
  offset: Span;
  /** Accepted while no block comes by itself. */
  waiting: Sent[];
};

/** `ends`: the state of a number, as it was when the block after it was made; of the newest numbers alone. */
export type Chain = State & { blocks: Block[]; ends: Map<number, State> };

/** Numbers whose state is kept. */
export const KEPT_ENDS = 8;
export const GAS_LIMIT = 30_000_000n;

export function createChain(genesis: Block): Chain {
  return { accounts: new Map(), blocks: [genesis], ends: new Map(), next: { gasLimit: GAS_LIMIT }, offset: [0, 0], waiting: [] };
}

export function accountOf({ accounts }: Chain, address: Hex): Account {
  const key = address.toLowerCase() as Hex;
  const found = accounts.get(key) ?? { balance: 0n, nonce: 0, code: "0x", slots: new Map<string, bigint>() };
  accounts.set(key, found);
  return found;
}

export const copyOf = ({ accounts, next, offset, waiting }: State): State => structuredClone({ accounts, next, offset, waiting });

/** Back to a state that `copyOf` made, at a number. */
export function goBack(chain: Chain, to: State, number: number): void {
  Object.assign(chain, copyOf(to));
  chain.blocks.length = number + 1;
  for (const end of chain.ends.keys()) if (end >= number) chain.ends.delete(end);
}

export const newestOf = ({ blocks }: Chain): Block => blocks.at(-1) as Block;
export const numberOf = ({ blocks }: Chain): number => blocks.length - 1;

/** EIP-1559. */
export function feeAfter({ baseFee, gasUsed, gasLimit }: Pick<Block, "baseFee" | "gasUsed" | "gasLimit">): bigint {
  const target = gasLimit / 2n;
  if (gasUsed === target) return baseFee;
  if (gasUsed < target) return baseFee - (baseFee * (target - gasUsed)) / target / 8n;
  const rise = (baseFee * (gasUsed - target)) / target / 8n;
  return baseFee + (rise > 0n ? rise : 1n);
}

export const nextFee = (chain: Chain): bigint => chain.next.baseFee ?? feeAfter(newestOf(chain));

/** When the next whole block comes, in seconds, where it is made between these moments of the wall's clock. */
export function nextTime(chain: Chain, wall: Span): Span {
  const { next, offset } = chain;
  const parent = Number(newestOf(chain).timestamp);
  if (next.timestamp !== undefined) return [Number(next.timestamp), Number(next.timestamp)];
  if (next.interval !== undefined) return [parent + Number(next.interval), parent + Number(next.interval)];
  const seconds = [0, 1].map((i) => Math.max(parent, Math.floor(((wall[i] as number) + (offset[i] as number)) / 1000)));
  return seconds as unknown as Span;
}

/** Puts a block on top, with what was read of it. Throws where that cannot be. `quiet`: so many seconds after its parent, in one go with it. */
export function addBlock(chain: Chain, read: Omit<Block, "mined">, mined: readonly Mined[], wall: Span, quiet?: bigint): void {
  const number = chain.blocks.length;
  const { baseFee, timestamp, randao: _, ...kept } = chain.next;
  const wanted = {
    baseFee: nextFee(chain),
    gasLimit: quiet === undefined ? kept.gasLimit : newestOf(chain).gasLimit,
    coinbase: kept.coinbase,
    gasUsed: sum(mined.map((x) => x.gasUsed)),
  };
  for (const [name, value] of Object.entries(wanted))
    if (value !== undefined && read[name as keyof typeof read] !== value)
      throw new Error(`block ${number}: ${name} ${read[name as keyof typeof read]}, not ${value}`);
  const after = newestOf(chain).timestamp + (quiet ?? 0n);
  const time: Span = quiet === undefined ? nextTime(chain, wall) : [Number(after), Number(after)];
  if (!within(time, Number(read.timestamp))) throw new Error(`block ${number}: timestamp ${read.timestamp}, not in ${time}`);
  chain.ends.set(number - 1, copyOf(chain));
  chain.ends.delete(number - 1 - KEPT_ENDS);
  for (const each of mined) include(chain, each, wanted.baseFee, read.coinbase);
  if (timestamp !== undefined) clockIs(chain, read.timestamp, wall);
  chain.next = kept;
  chain.blocks.push({ ...read, mined });
}

/** The chain's time is this at some moment of the span. */
export function clockIs(state: State, seconds: bigint, [from, to]: Span): void {
  const ms = Number(seconds) * 1000;
  state.offset = [ms - to, ms - from];
}

/** The same, unless it is later already: what a run of blocks leaves. */
export function clockReached(state: State, seconds: bigint, [from, to]: Span): void {
  const ms = Number(seconds) * 1000;
  state.offset = [Math.max(state.offset[0], ms - to), Math.max(state.offset[1], ms - from)];
}

function include(
  chain: Chain,
  { from, to, value, tip, maxFee, nonce, effect, gasUsed, price }: Mined,
  baseFee: bigint,
  coinbase: Hex,
): void {
  const paid = tip < maxFee - baseFee ? tip : maxFee - baseFee;
  if (price !== baseFee + paid) throw new Error(`a gas price of ${price}, not ${baseFee + paid}`);
  const sender = accountOf(chain, from);
  if (sender.nonce !== nonce) throw new Error(`nonce ${nonce} was included, not ${sender.nonce}`);
  sender.nonce++;
  sender.balance -= gasUsed * price;
  accountOf(chain, coinbase).balance += gasUsed * paid;
  if (effect.kind === "fail") return;
  sender.balance -= value;
  if (effect.kind === "deploy") Object.assign(accountOf(chain, effect.at), { nonce: 1, code: BOX });
  const target = effect.kind === "deploy" ? effect.at : (to as Hex);
  accountOf(chain, target).balance += value;
  if (effect.kind === "store") store(accountOf(chain, target), effect.slot, effect.value);
}

export function store({ slots }: Account, slot: string, value: bigint): void {
  if (value === 0n) slots.delete(slot);
  else slots.set(slot, value);
}

const sum = (values: readonly bigint[]) => values.reduce((total, value) => total + value, 0n);
