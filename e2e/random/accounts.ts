/** Steps that set values of accounts. */
import { accountOf, store } from "./model.ts";
import { checkAccount } from "./observe.ts";
import { BOX, GHOST, type Hex, keyed, MINERS, word } from "./people.ts";
import type { Step } from "./step.ts";
import { hex, tell, type World } from "./world.ts";

const ETHER = 10n ** 18n;
const anybody: readonly Hex[] = [...keyed, GHOST, ...MINERS];
const one = ({ random }: World, of: readonly Hex[] = anybody): Hex => of[random.below(of.length)] as Hex;

/** Changes it in the model as in the chain. */
async function change(
  world: World,
  method: string,
  who: Hex,
  values: readonly string[],
  apply: (account: ReturnType<typeof accountOf>) => void,
): Promise<void> {
  await tell(world, `anvil_${method}`, who, ...values);
  apply(accountOf(world.chain, who));
  await checkAccount(world, who);
}

async function setBalance(world: World): Promise<void> {
  const balance = BigInt(world.random.below(4)) * ETHER * 100n + BigInt(world.random.below(1000));
  await change(world, "setBalance", one(world), [hex(balance)], (x) => (x.balance = balance));
}

async function addBalance(world: World): Promise<void> {
  const more = BigInt(1 + world.random.below(1000)) * ETHER;
  await change(world, "addBalance", one(world), [hex(more)], (x) => (x.balance += more));
}

/** Up, and down where no transaction can come a second time at a block that holds it. */
async function setNonce(world: World): Promise<void> {
  const who = one(world, [...keyed, GHOST]);
  const now = accountOf(world.chain, who).nonce;
  const nonce = world.random.below(3) === 0 ? Math.max(0, now - 1 - world.random.below(3)) : now + world.random.below(4);
  await change(world, "setNonce", who, [hex(nonce)], (x) => (x.nonce = nonce));
}

/** Of an account that nobody sends for. */
async function setCode(world: World): Promise<void> {
  const at: Hex = `0x${(0xb0b0 + world.random.below(4)).toString(16).padStart(40, "0")}`;
  const code: Hex = world.random.below(3) === 0 ? "0x" : BOX;
  await change(world, "setCode", at, [code], (x) => (x.code = code));
}

async function setStorage(world: World): Promise<void> {
  const boxes = [...world.chain.accounts].filter(([, x]) => x.code === BOX).map(([at]) => at);
  if (boxes.length === 0) return;
  const [slot, value] = [word(world.random.below(6)), BigInt(world.random.below(3)) * 77n];
  await change(world, "setStorageAt", one(world, boxes), [hex(BigInt(`0x${slot}`)), `0x${word(value)}`], (x) => store(x, slot, value));
}

/** What waits was checked against other values. */
const free = (world: World) => world.chain.waiting.length === 0;

export const accountSteps: readonly Step[] = [
  { name: "setBalance", weight: 5, can: free, run: setBalance },
  { name: "addBalance", weight: 3, run: addBalance },
  { name: "setNonce", weight: 4, can: free, run: setNonce },
  { name: "setCode", weight: 3, can: free, run: setCode },
  { name: "setStorageAt", weight: 4, run: setStorage },
];
