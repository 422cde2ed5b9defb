import { bigIntToBytes, fromHex, to0x, toHex } from "@noema/core/bytes";
import { keccak256 } from "@noema/core/hash";
import { decodeSet, type SetAccount } from "@noema/execution/system/set";
import { afterEach, expect, it } from "vitest";
import { createRpcServer, type RpcServer } from "../server.ts";
import { callRpc } from "../testing/call.ts";
import { createFakeChain } from "../testing/fake-chain.ts";

const TOKEN = `0x${"70".repeat(20)}`;
const WHO = `0x${"ab".repeat(20)}`;
const OTHER = `0x${"cd".repeat(20)}`;

const started: RpcServer[] = [];
afterEach(async () => {
  for (const server of started.splice(0)) await server.stop();
});

/** A token whose answers are `flag` (slot 0, not theirs) and the last slot of the access list, times `scale`. */
function serve(scale = 1n) {
  const sets: SetAccount[] = [];
  const { deps } = createFakeChain();
  const slotOf = (question: Uint8Array) => keccak256(question);
  const execution = {
    ...deps.execution,
    createAccessList: async ({ data }: { data?: Uint8Array }) => ({
      accessList: [{ address: fromHex(TOKEN), storageKeys: [new Uint8Array(32), slotOf(data as Uint8Array)] }],
      gasUsed: 1n,
    }),
    call: async ({ data }: { data?: Uint8Array }, _at: unknown, overrides: readonly { stateDiff?: [Uint8Array, Uint8Array][] }[] = []) => {
      const [key, value] = overrides[0]?.stateDiff?.[0] ?? [new Uint8Array(32), new Uint8Array(32)];
      const own = toHex(key) === toHex(slotOf(data as Uint8Array)) ? BigInt(to0x(value)) : 0n;
      return { ok: true, output: bigIntToBytes(own * scale, 32), gasUsed: 1n };
    },
  };
  const submit = async (_: number, body: Uint8Array) => {
    sets.push(decodeSet(body));
    return { outcome: 0 as const };
  };
  const server = createRpcServer({ port: 0 }, { ...deps, execution: execution as typeof deps.execution, operations: { submit } });
  started.push(server);
  return { sets, slotOf, ask: (name: string, ...params: unknown[]) => callRpc(server, name, ...params) };
}

it("adds to a balance, up to the most that there is", async () => {
  const { ask, sets } = serve();
  const before = BigInt((await ask("eth_getBalance", WHO, "latest")).result as string);
  expect([
    (await ask("anvil_addBalance", WHO, "0x5")).result,
    (await ask("hardhat_addBalance", WHO, `0x${"f".repeat(64)}`)).result,
  ]).toEqual([null, null]);
  expect(sets.map((x) => x.balance)).toEqual([before + 5n, 2n ** 256n - 1n]);
});

it("finds the slot that a token answers from, and sets it; none is set where it answers something else", async () => {
  const { ask, sets, slotOf } = serve();
  const word = (address: string) => address.slice(2).padStart(64, "0");
  expect((await ask("anvil_dealERC20", WHO, TOKEN, "0x7")).result).toBeNull();
  expect((await ask("anvil_setERC20Allowance", WHO, OTHER, TOKEN, "0x8")).result).toBeNull();
  const questions = [`0x70a08231${word(WHO)}`, `0xdd62ed3e${word(WHO)}${word(OTHER)}`].map((x) => slotOf(fromHex(x)));
  expect(sets.map(({ slots }) => slots)).toEqual([
    [{ key: questions[0], value: bigIntToBytes(7n, 32) }],
    [{ key: questions[1], value: bigIntToBytes(8n, 32) }],
  ]);
  expect((await ask("hardhat_dealERC20", WHO, TOKEN, "0x0")).result).toBeNull(); // it has none already
  expect(sets.length).toBe(2);
  const other = serve(3n);
  expect((await other.ask("anvil_dealERC20", WHO, TOKEN, "0x7")).error).toMatchObject({ code: -32603, data: { code: "DEV_SLOT_UNKNOWN" } });
  expect(other.sets).toEqual([]);
});

it("says that a transaction is in a batch already, and that blocks are too many", async () => {
  const { deps, pooled } = createFakeChain();
  const validators = () => ({ ...deps.chain.validators(), members: deps.chain.validators().members.slice(0, 1) });
  const chain = { ...deps.chain, validators: validators as typeof deps.chain.validators };
  const server = createRpcServer(
    { port: 0 },
    { ...deps, chain, pool: { ...deps.pool, drop: async () => [], get: () => [...pooled.values()][0] ?? ({} as never) } },
  );
  started.push(server);
  expect((await callRpc(server, "anvil_dropTransaction", `0x${"11".repeat(32)}`)).error).toMatchObject({ data: { code: "DEV_IN_FLIGHT" } });
  expect((await callRpc(server, "anvil_mine", "0x1000001")).error).toMatchObject({ code: -32602, data: { code: "DEV_TOO_MANY_BLOCKS" } });
});

it("drops nothing where other validators hold it too", async () => {
  const { ask } = serve();
  expect((await ask("anvil_dropAllTransactions")).error).toMatchObject({ data: { code: "DEV_NEEDS_ONE_VALIDATOR" } });
});
