/** Signing with the devnet's accounts, whose keys everybody knows. Only a server with `deps.dev` has these methods. */
import { bigIntToBytes, concatBytes, to0x, utf8 } from "@noema/core/bytes";
import { keccak256 } from "@noema/core/hash";
import type { Bytes, Hash } from "@noema/core/ports/bytes";
import { decodeTransaction } from "@noema/execution/transactions/decode";
import type { RpcDeps } from "../deps.ts";
import { renderSigned } from "../eth/render-transaction.ts";
import type { Sends } from "../eth/sends.ts";
import { type Later, method, type RpcModule } from "../json-rpc/method.ts";
import { address, anything, data } from "../json-rpc/parsers.ts";
import { signTransaction } from "./encode-transaction.ts";
import { fillTransaction, type TransactionRequest, transactionRequest } from "./fill-transaction.ts";
import { identityMethods } from "./identity.ts";
import { createDevKeys } from "./keys.ts";
import { signTypedData, type TypedData, typedData } from "./typed-data.ts";

/** EIP-191, version 0x45. */
function personalHash(message: Bytes): Hash {
  return keccak256(concatBytes(utf8(`\x19Ethereum Signed Message:\n${message.length}`), message));
}

export function createDevModule(deps: RpcDeps, dev: NonNullable<RpcDeps["dev"]>, sends: Sends): RpcModule {
  const keys = createDevKeys(dev.accounts);

  function signature(who: Bytes, hash: Hash): string {
    const { r, s, yParity } = keys.sign(who, hash);
    return to0x(concatBytes(bigIntToBytes(r, 32), bigIntToBytes(s, 32), Uint8Array.of(27 + yParity)));
  }

  async function sign(tx: TransactionRequest, filled: Awaited<ReturnType<typeof fillTransaction>>): Promise<Bytes> {
    const nonce = tx.nonce ?? (await deps.pool.pendingNonce(tx.from));
    return signTransaction({ ...filled, nonce }, keys.keyOf(tx.from));
  }

  async function send(tx: TransactionRequest): Promise<Later> {
    keys.keyOf(tx.from);
    const filled = await fillTransaction(deps, tx);
    return keys.exclusive(tx.from, async () => sends.send(await sign(tx, filled)));
  }

  async function signOnly(tx: TransactionRequest): Promise<unknown> {
    keys.keyOf(tx.from);
    const raw = await sign(tx, await fillTransaction(deps, tx));
    return { raw: to0x(raw), tx: renderSigned(decodeTransaction(raw)) };
  }

  const who = ["address", address] as const;
  const message = ["message", data()] as const;
  const document = ["typed data", typedData] as const;
  const signDocument = (a: Bytes, document: TypedData) => signTypedData(document, keys.keyOf(a));
  return {
    name: "personal",
    methods: identityMethods(deps),
    signing: {
      eth_sendTransaction: method([["transaction", transactionRequest]], send),
      eth_signTransaction: method([["transaction", transactionRequest]], signOnly),
      eth_sign: method([who, message], (a, m) => signature(a, personalHash(m))),
      personal_sign: method([message, who, ["passphrase", anything]], (m, a) => signature(a, personalHash(m))), // web3.js sends three
      eth_signTypedData: method([who, document], signDocument),
      eth_signTypedData_v3: method([who, document], signDocument), // the same for what v3 can express
      eth_signTypedData_v4: method([who, document], signDocument),
    },
  };
}
