/** Both ends of a bridge between two chains in memory, and the certificates between them. */
import { to0x } from "@noema/core/bytes";
import { encodeAbiParameters, type Hex, keccak256 } from "viem";
import { l1Certificate, l1Members } from "../l1-forms.ts";
import { type Chain, type Contract, createChain, type Event, type Proof, type Sender } from "./chain.ts";
import { certify, createKeyed, finalizeBody, GENESIS_HASH, headerAt } from "./validators.ts";

export const L2_BRIDGE: Hex = "0x0000000000000000000000000000000000000b01";
export const GUARDIAN: Hex = `0x${"9a".repeat(20)}`;
export const GAS_PRICE = 1_000n;
export const ESCAPE_AFTER = 86_400n;

export type Withdrawal = { nonce: bigint; sender: Hex; target: Hex; token: Hex; amount: bigint; data: Hex };
export type Bridge = { l1: Chain; l2: Chain; head: Contract; portal: Contract; bridge: Contract };

const keyed = createKeyed([1n, 1n, 1n, 1n]);
const OFFSET = 0x1111000000000000000000000000000000001111n;

/** An L1 contract's address on the L2. */
export const aliasOf = (address: Hex): Hex => `0x${((BigInt(address) + OFFSET) % 2n ** 160n).toString(16).padStart(40, "0")}`;

export async function createBridge(delay = 0n): Promise<Bridge> {
  const [l1, l2] = [await createChain(), await createChain()];
  const head = await l1.deploy("NoemaHead", to0x(GENESIS_HASH), to0x(keyed.set.hash));
  await head.call("registerSet", to0x(l1Members(keyed.set)));
  const portal = await l1.deploy("NoemaPortal", head.address, L2_BRIDGE, GUARDIAN, delay, ESCAPE_AFTER, GAS_PRICE);
  const bridge = await l2.place("L2Bridge", L2_BRIDGE, { 2: aliasOf(portal.address) });
  return { l1, l2, head, portal, bridge };
}

/** What a withdrawal on the L2 left behind. */
export async function withdraw(
  { bridge }: Bridge,
  sender: Sender,
  name: "withdraw" | "withdrawToken",
  ...args: unknown[]
): Promise<Withdrawal> {
  const { events } = await bridge.send(sender, name, ...args);
  return (events.find((x) => x.eventName === "Sent") as Event).args.withdrawal as Withdrawal;
}

/** A final header, `height` + 3, carries the L2's state as it is now. */
export async function proveState({ l2, head }: Bridge, height: number): Promise<void> {
  const plain = headerAt(height + 3, keyed.set).header;
  const { ssz, hash } = headerAt(height + 3, keyed.set, { exec: { ...plain.exec, height, stateRoot: await l2.stateRoot() } });
  const { bitmap, signature } = l1Certificate(certify(keyed, [0, 1, 2], "finalize", finalizeBody(0, height + 6, hash)));
  await head.call("update", to0x(ssz), BigInt(height + 6), { bitmap: to0x(bitmap), signature: to0x(signature) });
}

const WITHDRAWAL = {
  type: "tuple",
  components: [
    { name: "nonce", type: "uint256" },
    { name: "sender", type: "address" },
    { name: "target", type: "address" },
    { name: "token", type: "address" },
    { name: "amount", type: "uint256" },
    { name: "data", type: "bytes" },
  ],
} as const;

/** Of the slot that notes a withdrawal, against the L2's state as it is. */
export async function proofOf({ l2 }: Bridge, withdrawal: Withdrawal): Promise<Proof> {
  const hash = keccak256(encodeAbiParameters([WITHDRAWAL], [withdrawal]));
  return l2.proofOf(L2_BRIDGE, keccak256(encodeAbiParameters([{ type: "bytes32" }, { type: "uint256" }], [hash, 0n])));
}
