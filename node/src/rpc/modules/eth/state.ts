import { bytesToBigInt, to0x } from "@noema/core/bytes";
import type { Bytes, Hash } from "@noema/core/ports/bytes";
import type { StateId } from "@noema/execution/api";
import type { AccountProof } from "@noema/execution/records";
import { atBlock, isPending } from "../../ethereum/block-id.ts";
import { AT_STATE } from "../../ethereum/error-sets.ts";
import { quantityHex, wordHex } from "../../ethereum/hex.ts";
import { invalidParams } from "../../json-rpc/error.ts";
import { method, type Parser, type RpcMethod } from "../../json-rpc/method.ts";
import { address, array, record, slotKey } from "../../json-rpc/parsers.ts";
import { ADDRESS, DATA, either, HASH, list, mapOf, members, QUANTITY } from "../../json-rpc/schema.ts";
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

const PROOF = members({
  address: ADDRESS,
  accountProof: list(DATA),
  balance: QUANTITY,
  codeHash: HASH,
  nonce: QUANTITY,
  storageHash: HASH,
  storageProof: list(members({ key: either(QUANTITY, HASH), value: QUANTITY, proof: list(DATA) })),
});

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
  const who = ["address", address] as const;
  const errors = AT_STATE;
  return {
    eth_getBalance: method({
      summary: "an account's wei",
      params: [who, atBlock],
      result: QUANTITY,
      errors,
      run: async (a, id) => quantityHex((await c.execution.account(await c.blocks.state(id), a)).balance),
    }),
    eth_getTransactionCount: method({
      summary: "an account's nonce",
      params: [who, atBlock],
      result: QUANTITY,
      errors,
      async run(a, id) {
        if (isPending(id)) return quantityHex(await c.pool.pendingNonce(a));
        return quantityHex((await c.execution.account(await c.blocks.require(id), a)).nonce);
      },
    }),
    eth_getCode: method({
      summary: "a contract's code",
      params: [who, atBlock],
      result: DATA,
      errors,
      run: async (a, id) => to0x(await c.execution.code(await c.blocks.state(id), a)),
    }),
    eth_getStorageAt: method({
      summary: "a slot of a contract",
      params: [who, ["position", slotKey], atBlock],
      result: HASH,
      errors,
      run: async (a, key, id) => wordHex(await c.execution.slot(await c.blocks.state(id), a, key)),
    }),
    eth_getStorageValues: method({
      summary: `at most ${MAX_SLOTS_AT_ONCE} slots of several contracts, in the order asked`,
      params: [["slots", slotsOfAccounts], atBlock],
      result: mapOf(list(HASH)),
      errors,
      async run(asked, id) {
        const state = await c.blocks.state(id);
        const values: Record<string, string[]> = {};
        for (const [a, keys] of asked) values[to0x(a)] = await slotsAt(c, state, a, keys);
        return values;
      },
    }),
    eth_getAccountInfo: method({
      summary: "an account with its code",
      params: [who, atBlock],
      result: members({ balance: QUANTITY, nonce: QUANTITY, code: DATA }),
      errors,
      async run(a, id) {
        const state = await c.blocks.state(id);
        const [{ balance, nonce }, code] = await Promise.all([c.execution.account(state, a), c.execution.code(state, a)]);
        return { balance: quantityHex(balance), nonce: quantityHex(nonce), code: to0x(code) };
      },
    }),
    eth_getProof: method({
      summary: "an account and slots of it, with their proofs against the state root (EIP-1186)",
      params: [who, ["storage keys", array(proofKey, MAX_PROOF_KEYS)], atBlock],
      result: PROOF,
      errors,
      async run(a, keys, id) {
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
      },
    }),
    eth_getAccount: method({
      summary: "an account as the state trie has it",
      params: [who, atBlock],
      result: members({ balance: QUANTITY, nonce: QUANTITY, codeHash: HASH, storageRoot: HASH }),
      errors,
      async run(a, id) {
        const account = await c.execution.account(await c.blocks.state(id), a);
        return {
          balance: quantityHex(account.balance),
          nonce: quantityHex(account.nonce),
          codeHash: to0x(account.codeHash),
          storageRoot: to0x(account.storageRoot),
        };
      },
    }),
  };
}
