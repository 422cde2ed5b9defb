/** NoemaPortal and L2Bridge, under the library's EVM: value goes over and comes back once, and nobody takes what is another's. */
import { decodeFunctionData, encodeFunctionData, type Hex, zeroAddress } from "viem";
import { beforeEach, expect, it } from "vitest";
import {
  aliasOf,
  type Bridge,
  createBridge,
  ESCAPE_AFTER,
  GAS_PRICE,
  GUARDIAN,
  L2_BRIDGE,
  proofOf,
  proveState,
  type Withdrawal,
  withdraw,
} from "./testing/bridge.ts";
import { ALICE, artifact, BOB, type Contract, type Event } from "./testing/chain.ts";

const ETHER = 10n ** 18n;
const NOBODY: Hex = `0x${"0e".repeat(20)}`;
let b: Bridge;

beforeEach(async () => {
  b = await createBridge();
});

/** Locks so much on the L1, whoever it is for. */
const lock = (amount: bigint) => b.portal.send({ value: amount + 21_000n * GAS_PRICE }, "deposit", ALICE, 21_000n, "0x");

async function prove(withdrawal: Withdrawal, height: number) {
  const { accountProof, storageProof } = await proofOf(b, withdrawal);
  return b.portal.call("prove", withdrawal, BigInt(height), accountProof, storageProof);
}

it("a deposit says who, to whom, how much and what, in order, and pays for its gas", async () => {
  const { events } = await b.portal.send({ value: ETHER }, "deposit", BOB, 60_000n, "0x1234");
  const mint = ETHER - 60_000n * GAS_PRICE;
  expect(events[0]).toMatchObject({ eventName: "Deposited", args: { index: 0n, mint, gasLimit: 60_000n, data: "0x1234" } });
  expect(String(events[0]?.args.from).toLowerCase()).toBe(ALICE);
  const { value: before } = await b.portal.call("depositsHash");
  await b.portal.send({ value: ETHER }, "deposit", BOB, 60_000n, "0x1234");
  expect((await b.portal.call("depositsHash")).value).not.toBe(before);
  expect((await b.portal.call("depositCount")).value).toBe(2n);
  expect((await b.portal.call("locked", zeroAddress)).value).toBe(2n * mint);
});

it("a contract's deposit comes from its alias", async () => {
  const { events } = await b.portal.send({ from: BOB, origin: ALICE, value: ETHER }, "deposit", BOB, 21_000n, "0x");
  expect(String(events[0]?.args.from).toLowerCase()).toBe(aliasOf(BOB));
});

it("an account with a key that has delegated its code is no contract, and a contract of as many bytes is one", async () => {
  const deposit = () => b.portal.send({ from: BOB, origin: ALICE, value: ETHER }, "deposit", BOB, 21_000n, "0x");
  await b.l1.setCode(BOB, `0xef0100${ALICE.slice(2)}`);
  expect(String((await deposit()).events[0]?.args.from).toLowerCase()).toBe(BOB);
  await b.l1.setCode(BOB, `0xef0000${ALICE.slice(2)}`);
  expect(String((await deposit()).events[0]?.args.from).toLowerCase()).toBe(aliasOf(BOB));
});

it("a deposit with too little gas, too much, too long, or unpaid", async () => {
  const deposit = (value: bigint, gas: bigint, data = "0x") => b.portal.send({ value }, "deposit", BOB, gas, data);
  await expect(deposit(ETHER, 20_999n)).rejects.toThrow("DepositGas(20999)");
  await expect(deposit(ETHER, 21_000n, "0x00")).rejects.toThrow("DepositGas(21000)");
  await expect(deposit(ETHER, 1_000_001n)).rejects.toThrow("DepositGas(1000001)");
  await expect(deposit(ETHER, 900_000n, `0x${"00".repeat(901)}`)).rejects.toThrow("DepositData(901)");
  await expect(deposit(20_999_999n, 21_000n)).rejects.toThrow("DepositFee(20999999, 21000000)");
});

it("ether comes back, once", async () => {
  await lock(ETHER);
  const withdrawal = await withdraw(b, { from: BOB, value: ETHER }, "withdraw", NOBODY, "0x");
  await expect(b.portal.call("claim", withdrawal)).rejects.toThrow("NotProven");
  await proveState(b, 10);
  const { gas: proof } = await prove(withdrawal, 10);
  const { gas: claim } = await b.portal.call("claim", withdrawal);
  process.stdout.write(`  a proof ${proof} gas, its claim ${claim}\n`);
  expect(proof + claim).toBeLessThanOrEqual(250_000);
  expect(await b.l1.balanceOf(NOBODY)).toBe(ETHER);
  await expect(b.portal.call("claim", withdrawal)).rejects.toThrow("PaidAlready");
  await proveState(b, 20);
  await prove(withdrawal, 20);
  await expect(b.portal.call("claim", withdrawal)).rejects.toThrow("PaidAlready");
});

it("a withdrawal that is not as it was sent, or was not in the state that is named", async () => {
  await lock(2n * ETHER);
  await proveState(b, 5);
  const withdrawal = await withdraw(b, { value: ETHER }, "withdraw", NOBODY, "0x");
  await proveState(b, 10);
  const { accountProof, storageProof } = await proofOf(b, withdrawal);
  const send = (changed: Partial<Withdrawal>, height = 10n, storage = storageProof) =>
    b.portal.call("prove", { ...withdrawal, ...changed }, height, accountProof, storage);
  await expect(send({}, 5n)).rejects.toThrow("TrieProofTraversalError");
  await expect(send({}, 11n)).rejects.toThrow("RootUnknown(11)");
  for (const changed of [{ amount: 2n * ETHER }, { nonce: 1n }, { target: BOB }, { sender: BOB }, { token: BOB }, { data: "0x00" as Hex }])
    await expect(send(changed)).rejects.toThrow();
  await expect(send({}, 10n, [])).rejects.toThrow();
  await send({});
});

it("another account's slot is no withdrawal", async () => {
  await lock(ETHER);
  const liar = await b.l2.place("L2Bridge", `0x${"1a".repeat(20)}`, {});
  const withdrawal = await withdraw({ ...b, bridge: liar }, { value: ETHER }, "withdraw", NOBODY, "0x");
  await proveState(b, 10);
  await expect(prove(withdrawal, 10)).rejects.toThrow();
});

it("its target is called by the messenger, and hears who sent it", async () => {
  await lock(ETHER);
  const receiver = await b.l1.deploy("Receiver");
  const withdrawal = await withdraw(b, { from: BOB, value: ETHER }, "withdraw", receiver.address, "0xabcdef01");
  await proveState(b, 10);
  await prove(withdrawal, 10);
  await b.portal.call("claim", withdrawal);
  expect((await receiver.call("received")).value).toBe(ETHER);
  expect(String((await receiver.call("from")).value).toLowerCase()).toBe(BOB);
});

it("a target that reverts leaves it to be claimed again; one that comes back in does not", async () => {
  await lock(3n * ETHER);
  const receiver = await b.l1.deploy("Receiver");
  const withdrawal = await withdraw(b, { value: ETHER }, "withdraw", receiver.address, "0xabcdef01");
  await proveState(b, 10);
  await prove(withdrawal, 10);
  const again = encodeFunctionData({ abi: artifact("NoemaPortal").abi, functionName: "claim", args: [withdrawal] });
  await receiver.call("setHook", b.portal.address, again);
  await expect(b.portal.call("claim", withdrawal)).rejects.toThrow("CallFailed");
  await receiver.call("setHook", zeroAddress, "0x");
  await b.portal.call("claim", withdrawal);
  expect((await receiver.call("received")).value).toBe(ETHER);
});

it("a withdrawal cannot have the portal's tokens moved by its call", async () => {
  await lock(ETHER);
  const token = await lockToken(0n, false, 1000n);
  const theft = encodeFunctionData({ abi: token.abi, functionName: "transfer", args: [NOBODY, 1000n] });
  const withdrawal = await withdraw(b, { value: 0n }, "withdraw", token.address, theft);
  await proveState(b, 10);
  await prove(withdrawal, 10);
  await expect(b.portal.call("claim", withdrawal)).rejects.toThrow("CallFailed");
  expect((await token.call("balanceOf", NOBODY)).value).toBe(0n);
});

it("only the portal calls the messenger, and its alias the bridge; only the bridge a twin", async () => {
  const messenger = b.l1.contractAt("Messenger", (await b.portal.call("messenger")).value as Hex);
  await expect(messenger.call("relay", ALICE, BOB, "0x")).rejects.toThrow("NotPortal()");
  const finalize = ["finalizeDeposit", BOB, ALICE, 5n, "", "", 0] as const;
  await expect(b.bridge.call(...finalize)).rejects.toThrow("NotPortal()");
  await expect(b.bridge.send({ from: b.portal.address }, ...finalize)).rejects.toThrow("NotPortal()");
  await b.bridge.send({ from: aliasOf(b.portal.address) }, ...finalize);
  const twin = b.l2.contractAt("TwinToken", (await b.bridge.call("twinOf", BOB)).value as Hex);
  await expect(twin.call("mint", ALICE, 1n)).rejects.toThrow("NotBridge()");
  await expect(twin.call("burn", ALICE, 1n)).rejects.toThrow("NotBridge()");
});

/** A token on the L1, of which so many are on their way. */
async function lockToken(fee: bigint, isMute: boolean, amount: bigint): Promise<Contract> {
  const token = await b.l1.deploy("QuirkyToken", fee, isMute);
  await b.portal.send({ value: 1_000_000n * GAS_PRICE }, "depositToken", token.address, BOB, amount);
  return token;
}

it.each([
  ["a plain token", 0n, false, 1000n],
  ["one that takes a fee", 3n, false, 970n],
  ["one that answers nothing", 0n, true, 1000n],
] as const)("%s has a twin of what arrived, and comes back", async (_name, fee, isMute, arrives) => {
  const token = await b.l1.deploy("QuirkyToken", fee, isMute);
  const deposited = await b.portal.send({ value: 1_000_000n * GAS_PRICE }, "depositToken", token.address, BOB, 1000n);
  const { from, to, mint, data } = (deposited.events[0] as Event).args as { from: Hex; to: Hex; mint: bigint; data: Hex };
  expect([from.toLowerCase(), to.toLowerCase(), mint]).toEqual([aliasOf(b.portal.address), L2_BRIDGE, 0n]);
  const { args } = decodeFunctionData({ abi: artifact("L2Bridge").abi, data });
  expect(args?.slice(1)).toEqual([expect.stringMatching(new RegExp(BOB, "i")), arrives, "", "", 0]);
  await b.bridge.send({ from: aliasOf(b.portal.address) }, "finalizeDeposit", ...(args ?? []));
  const twin = b.l2.contractAt("TwinToken", (await b.bridge.call("twinOf", token.address)).value as Hex);
  expect((await twin.call("balanceOf", BOB)).value).toBe(arrives);

  const withdrawal = await withdraw(b, { from: BOB }, "withdrawToken", twin.address, NOBODY, 900n, "0x");
  expect((await twin.call("totalSupply")).value).toBe(arrives - 900n);
  await proveState(b, 10);
  await prove(withdrawal, 10);
  await b.portal.call("claim", withdrawal);
  expect((await token.call("balanceOf", NOBODY)).value).toBe(900n - (900n * fee) / 100n);
  expect((await b.portal.call("locked", token.address)).value).toBe(arrives - 900n);
  const tooMuch = withdraw(b, { from: BOB }, "withdrawToken", twin.address, NOBODY, 900n, "0x");
  await expect(tooMuch).rejects.toThrow("0xe450d38c"); // ERC20InsufficientBalance
  await expect(withdraw(b, { from: BOB }, "withdrawToken", NOBODY, NOBODY, 1n, "0x")).rejects.toThrow("NotTwin");
});

it("a token that calls back while it moves cannot be counted twice", async () => {
  const token = await b.l1.deploy("QuirkyToken", 0n, false);
  const again = encodeFunctionData({ abi: b.portal.abi, functionName: "depositToken", args: [token.address, BOB, 10n] });
  await token.call("setHook", b.portal.address, again);
  const deposit = b.portal.send({ value: 1_000_000n * GAS_PRICE }, "depositToken", token.address, BOB, 1000n);
  await expect(deposit).rejects.toThrow("ReentrancyGuardReentrantCall()");
});

it("no more is paid than is locked, whatever the L2 says", async () => {
  await lock(ETHER);
  const withdrawal = await withdraw(b, { value: 2n * ETHER }, "withdraw", NOBODY, "0x");
  await proveState(b, 10);
  await prove(withdrawal, 10);
  await expect(b.portal.call("claim", withdrawal)).rejects.toThrow("LockedTooLittle");
});

it("a delay passes before it is paid, a guardian may hold it up for a week, and not for two", async () => {
  b = await createBridge(3600n);
  await lock(ETHER);
  const withdrawal = await withdraw(b, { value: ETHER }, "withdraw", NOBODY, "0x");
  await proveState(b, 10);
  await prove(withdrawal, 10);
  const start = b.l1.time();
  await expect(b.portal.call("claim", withdrawal)).rejects.toThrow(`TooEarly(${start + 3600n})`);
  b.l1.setTime(start + 3600n);
  await expect(b.portal.call("pause")).rejects.toThrow("NotGuardian()");
  await b.portal.send({ from: GUARDIAN }, "pause");
  await expect(b.portal.call("claim", withdrawal)).rejects.toThrow("IsPaused");
  await expect(b.portal.send({ from: GUARDIAN }, "pause")).rejects.toThrow("TooEarly");
  b.l1.setTime(start + 3600n + 7n * 86_400n);
  await expect(b.portal.send({ from: GUARDIAN }, "pause")).rejects.toThrow("TooEarly");
  await b.portal.call("claim", withdrawal);
});

it("where no header comes any more, what was sent is paid whatever the delay and the guardian say", async () => {
  b = await createBridge(10n ** 9n);
  await lock(ETHER);
  const withdrawal = await withdraw(b, { value: ETHER }, "withdraw", NOBODY, "0x");
  await proveState(b, 10);
  const { accountProof, storageProof } = await proofOf(b, withdrawal);
  const start = b.l1.time();
  await expect(b.portal.call("escape", withdrawal)).rejects.toThrow(`NotStale(${start + ESCAPE_AFTER})`);
  b.l1.setTime(start + ESCAPE_AFTER);
  await b.portal.send({ from: GUARDIAN }, "pause");
  await expect(b.portal.call("escape", withdrawal)).rejects.toThrow("NotProven");
  await b.portal.call("prove", withdrawal, 10n, accountProof, storageProof);
  await b.portal.call("escape", withdrawal);
  await expect(b.portal.call("escape", withdrawal)).rejects.toThrow("PaidAlready");
  expect(await b.l1.balanceOf(NOBODY)).toBe(ETHER);
});
