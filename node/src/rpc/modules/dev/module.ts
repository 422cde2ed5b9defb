/** Signing with the devnet's accounts, whose keys everybody knows. */
import { bigIntToBytes, concatBytes, to0x, utf8 } from "@noema/core/bytes";
import { keccak256 } from "@noema/core/hash";
import type { Bytes, Hash } from "@noema/core/ports/bytes";
import { decodeTransaction } from "@noema/execution/transactions/decode";
import { OF_FILLING, OF_SENDS } from "../../ethereum/error-sets.ts";
import { fillTransaction, type TransactionRequest, transactionRequest } from "../../ethereum/fill-transaction.ts";
import { renderSigned } from "../../ethereum/render-transaction.ts";
import { SIGNED } from "../../ethereum/shapes.ts";
import { type Later, method, type RpcModule } from "../../json-rpc/method.ts";
import { address, anything, data } from "../../json-rpc/parsers.ts";
import { DATA, HASH, members, noted } from "../../json-rpc/schema.ts";
import type { ModuleDeps } from "../../module-deps.ts";
import { identityMethods } from "./identity.ts";
import { createDevKeys } from "./keys.ts";
import { createSenders, type Sender } from "./senders.ts";
import { signTypedData, typedData } from "./typed-data.ts";

/** EIP-191, version 0x45. */
function personalHash(message: Bytes): Hash {
  return keccak256(concatBytes(utf8(`\x19Ethereum Signed Message:\n${message.length}`), message));
}

const SIGNATURE = noted(DATA, "65 bytes: r, s, and 27 or 28");
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
  const signsDocument = method({
    summary: "a signature of typed data (EIP-712)",
    params: [who, ["typed data", typedData]],
    result: SIGNATURE,
    errors: ["RPC_ACCOUNT_UNKNOWN"],
    ...SIGNS_UNDOUBTED,
    run: (a, x) => signTypedData(x, keys.keyOf(a)),
  });
  const transaction = ["transaction", transactionRequest] as const;
  return {
    name: "personal",
    methods: {
      ...identityMethods(deps),
      eth_sendTransaction: method({
        summary: "completes, signs and sends a transaction of one of this node's accounts, or of one that is impersonated",
        params: [transaction],
        result: HASH,
        errors: [...OF_FILLING, ...OF_SENDS],
        ...SIGNS,
        run: send,
      }),
      eth_sendUnsignedTransaction: method({
        summary: "completes and sends a transaction of any address, which is impersonated for it",
        params: [transaction],
        result: HASH,
        errors: [...OF_FILLING, ...OF_SENDS],
        ...SIGNS,
        run: sendUnsigned,
      }),
      eth_signTransaction: method({
        summary: "completes and signs a transaction, and does not send it",
        params: [transaction],
        result: members({ raw: DATA, tx: SIGNED }),
        errors: OF_FILLING,
        ...SIGNS,
        run: signOnly,
      }),
      eth_sign: method({
        summary: "a signature of a message (EIP-191)",
        params: [who, message],
        result: SIGNATURE,
        errors: ["RPC_ACCOUNT_UNKNOWN"],
        ...SIGNS_UNDOUBTED,
        run: (a, m) => signature(a, personalHash(m)),
      }),
      personal_sign: method({
        summary: "a signature of a message, which comes first (EIP-191)",
        params: [message, who, ["passphrase", anything]], // web3.js sends three
        result: SIGNATURE,
        errors: ["RPC_ACCOUNT_UNKNOWN"],
        ...SIGNS_UNDOUBTED,
        run: (m, a) => signature(a, personalHash(m)),
      }),
      eth_signTypedData: signsDocument,
      eth_signTypedData_v3: signsDocument, // the same for what v3 can express
      eth_signTypedData_v4: signsDocument,
    },
  };
}
