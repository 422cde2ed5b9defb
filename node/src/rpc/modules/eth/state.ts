import { bytesToBigInt, to0x } from "@noema/core/bytes";
import type { Bytes, Hash } from "@noema/core/ports/bytes";
import type { StateId } from "@noema/execution/api";
import type { AccountProof } from "@noema/execution/records";
import { blockId, isPending, LATEST } from "../../ethereum/block-id.ts";
import { quantityHex, wordHex } from "../../ethereum/hex.ts";
import { invalidParams } from "../../json-rpc/error.ts";
import { method, type Parser, type RpcMethod } from "../../json-rpc/method.ts";
import { address, array, optional, record, slotKey } from "../../json-rpc/parsers.ts";
import type { EthContext } from "./context.ts";

const MAX_PROOF_KEYS = 1024; // geth's limit
const MAX_SLOTS_AT_ONCE = 1024; // geth's limit
const accountSlots = record(address, array(slotKey, MAX_SLOTS_AT_ONCE), MAX_SLOTS_AT_ONCE);

/** As geth answers a key: 32 bytes stay 32 bytes, anything shorter is a quantity. */
const proofKey: Parser<{ key: Hash; shown: string }> = {
  schema: slotKey.schema,
  read(value, name) {
    const key = slotKey.read(value, name);
    return { key, shown: (value as string).length > 64 ? to0x(key) : quantityHex(bytesToBigInt(key)) };
  },
};

function renderProof(address: Uint8Array, shown: readonly string[], proof: AccountProof): Record<string, unknown> {
  return {
    address: to0x(address),
    accountProof: proof.accountProof.map(to0x),
    balance: quantityHex(proof.account.balance),
    codeHash: to0x(proof.account.codeHash),
    nonce: quantityHex(proof.account.nonce),
    storageHash: to0x(proof.account.storageRoot),
    storageProof: proof.storage.map((x, i) => ({ key: shown[i], value: quantityHex(x.value), proof: x.proof.map(to0x) })),
  };
}

/** Values of many slots at once, in the order asked. Throws RPC_PARAMS_INVALID. */
const slotsOfAccounts: Parser<[Bytes, Hash[]][]> = {
  schema: { ...accountSlots.schema, description: "slots by address" },
  read(value, name) {
    const asked = accountSlots.read(value, name);
    const slots = asked.reduce((sum, [, keys]) => sum + keys.length, 0);
    if (slots === 0) throw invalidParams("empty request");
    if (slots > MAX_SLOTS_AT_ONCE) throw invalidParams(`too many slots: ${slots}, at most ${MAX_SLOTS_AT_ONCE}`);
    return asked;
  },
};

async function slotsAt(c: EthContext, state: StateId, address: Bytes, keys: readonly Hash[]): Promise<string[]> {
  const values: string[] = [];
  for (const key of keys) values.push(wordHex(await c.execution.slot(state, address, key)));
  return values;
}

export function stateMethods(c: EthContext): Record<string, RpcMethod> {
  const at = ["block", optional(blockId, LATEST)] as const;
  const who = ["address", address] as const;
  return {
    eth_getBalance: method([who, at], async (a, id) => quantityHex((await c.execution.account(await c.blocks.state(id), a)).balance)),
    eth_getTransactionCount: method([who, at], async (a, id) => {
      if (isPending(id)) return quantityHex(await c.pool.pendingNonce(a));
      return quantityHex((await c.execution.account(await c.blocks.require(id), a)).nonce);
    }),
    eth_getCode: method([who, at], async (a, id) => to0x(await c.execution.code(await c.blocks.state(id), a))),
    eth_getStorageAt: method([who, ["position", slotKey], at], async (a, key, id) =>
      wordHex(await c.execution.slot(await c.blocks.state(id), a, key)),
    ),
    eth_getStorageValues: method([["slots", slotsOfAccounts], at], async (asked, id) => {
      const state = await c.blocks.state(id);
      const values: Record<string, string[]> = {};
      for (const [a, keys] of asked) values[to0x(a)] = await slotsAt(c, state, a, keys);
      return values;
    }),
    eth_getAccountInfo: method([who, at], async (a, id) => {
      const state = await c.blocks.state(id);
      const [{ balance, nonce }, code] = await Promise.all([c.execution.account(state, a), c.execution.code(state, a)]);
      return { balance: quantityHex(balance), nonce: quantityHex(nonce), code: to0x(code) };
    }),
    eth_getProof: method([who, ["storage keys", array(proofKey, MAX_PROOF_KEYS)], at], async (a, keys, id) => {
      const proof = await c.execution.proof(
        await c.blocks.require(id),
        a,
        keys.map((x) => x.key),
      );
      return renderProof(
        a,
        keys.map((x) => x.shown),
        proof,
      );
    }),
    eth_getAccount: method([who, at], async (a, id) => {
      const account = await c.execution.account(await c.blocks.state(id), a);
      return {
        balance: quantityHex(account.balance),
        nonce: quantityHex(account.nonce),
        codeHash: to0x(account.codeHash),
        storageRoot: to0x(account.storageRoot),
      };
    }),
  };
}
