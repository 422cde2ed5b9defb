/** Signing with the devnet's accounts, whose keys everybody knows. */
import { bigIntToBytes, concatBytes, to0x, utf8 } from "@noema/core/bytes";
import { keccak256 } from "@noema/core/hash";
import type { Bytes, Hash } from "@noema/core/ports/bytes";
import { decodeTransaction } from "@noema/execution/transactions/decode";
import { fillTransaction, type TransactionRequest, transactionRequest } from "../../ethereum/fill-transaction.ts";
import { renderSigned } from "../../ethereum/render-transaction.ts";
import { type Later, method, type RpcModule } from "../../json-rpc/method.ts";
import { address, anything, data } from "../../json-rpc/parsers.ts";
import type { ModuleDeps } from "../../module-deps.ts";
import { identityMethods } from "./identity.ts";
import { createDevKeys } from "./keys.ts";
import { createSenders, type Sender } from "./senders.ts";
import { signTypedData, typedData } from "./typed-data.ts";

/** EIP-191, version 0x45. */
function personalHash(message: Bytes): Hash {
  return keccak256(concatBytes(utf8(`\x19Ethereum Signed Message:\n${message.length}`), message));
}

const SIGNS = { signing: true } as const;
/** By a key alone: of state nothing is said. */
const SIGNS_UNDOUBTED = { ...SIGNS, open: true } as const;

export function createDevModule(deps: ModuleDeps): RpcModule {
  const keys = createDevKeys(deps.dev?.accounts ?? []);
  const senderOf = createSenders(deps, keys);

  function signature(who: Bytes, hash: Hash): string {
    const { r, s, yParity } = keys.sign(who, hash);
    return to0x(concatBytes(bigIntToBytes(r, 32), bigIntToBytes(s, 32), Uint8Array.of(27 + yParity)));
  }

  async function sign(by: Sender, tx: TransactionRequest, filled: Awaited<ReturnType<typeof fillTransaction>>): Promise<Bytes> {
    const nonce = tx.nonce ?? (await deps.pool.pendingNonce(tx.from));
    return by.sign({ ...filled, nonce });
  }

  const send = (tx: TransactionRequest) => sendBy(tx, senderOf(tx.from));
  /** For any address: viem's test client asks so, and anvil answers. */
  const sendUnsigned = (tx: TransactionRequest) => sendBy(tx, senderOf(tx.from, true));

  async function sendBy(tx: TransactionRequest, sender: Promise<Sender>): Promise<string | Later> {
    const by = await sender;
    const filled = await fillTransaction(deps, tx);
    return by.exclusive(async () => deps.sends.send(await sign(by, tx, filled)));
  }

  async function signOnly(tx: TransactionRequest): Promise<unknown> {
    const by = await senderOf(tx.from);
    const raw = await sign(by, tx, await fillTransaction(deps, tx));
    return { raw: to0x(raw), tx: renderSigned(decodeTransaction(raw)) };
  }

  const who = ["address", address] as const;
  const message = ["message", data()] as const;
  const signsDocument = method([who, ["typed data", typedData]], (a, x) => signTypedData(x, keys.keyOf(a)), SIGNS_UNDOUBTED);
  return {
    name: "personal",
    methods: {
      ...identityMethods(deps),
      eth_sendTransaction: method([["transaction", transactionRequest]], send, SIGNS),
      eth_sendUnsignedTransaction: method([["transaction", transactionRequest]], sendUnsigned, SIGNS),
      eth_signTransaction: method([["transaction", transactionRequest]], signOnly, SIGNS),
      eth_sign: method([who, message], (a, m) => signature(a, personalHash(m)), SIGNS_UNDOUBTED),
      personal_sign: method([message, who, ["passphrase", anything]], (m, a) => signature(a, personalHash(m)), SIGNS_UNDOUBTED), // web3.js sends three
      eth_signTypedData: signsDocument,
      eth_signTypedData_v3: signsDocument, // the same for what v3 can express
      eth_signTypedData_v4: signsDocument,
    },
  };
}
