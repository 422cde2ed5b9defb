import { bytesToBigInt, to0x } from "@noema/core/bytes";
import type { Hash } from "@noema/core/ports/bytes";
import type { AccountProof } from "@noema/execution/api";
import { blockId, isPending, LATEST } from "../../ethereum/block-id.ts";
import { quantityHex, wordHex } from "../../ethereum/hex.ts";
import { method, type Parser, type RpcMethod } from "../../json-rpc/method.ts";
import { address, array, optional, slotKey } from "../../json-rpc/parsers.ts";
import type { EthContext } from "./context.ts";

const MAX_PROOF_KEYS = 1024; // geth's limit

/** As geth answers a key: 32 bytes stay 32 bytes, anything shorter is a quantity. */
const proofKey: Parser<{ key: Hash; shown: string }> = {
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
