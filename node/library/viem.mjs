/**
 * viem's actions for what a Noema node answers beside Ethereum's (types: viem.d.mts):
 *   const client = createPublicClient({ chain, transport: http(url) }).extend(noemaActions());
 *   const { id } = await client.putData({ data: "hello" });
 * Plain JavaScript without a dependency, since Node strips no types under node_modules, and whoever has a client has viem.
 */

/** Codes and remedies: docs/errors.md. */
export class NoemaHttpError extends Error {
  constructor({ code, message, data }, status) {
    super(message);
    this.name = "NoemaHttpError";
    this.code = code;
    this.data = data;
    this.status = status;
  }
}

/** @param url of the node, where the client's transport has none: it serves data over HTTP */
export function noemaActions({ url } = {}) {
  return (client) => {
    const ask = (method, ...params) => client.request({ method, params });
    const origin = () => {
      const known = url ?? client.transport?.url;
      if (!/^https?:/.test(known ?? ""))
        throw new TypeError("noemaActions: give { url }, the node's http address: this client's transport has none");
      return known.replace(/\/$/, "");
    };

    async function http(path, init) {
      const response = await fetch(`${origin()}${path}`, init);
      if (response.ok) return response;
      const refusal = await response.json().catch(() => ({ code: "RPC_INTERNAL", message: `HTTP ${response.status}` }));
      throw new NoemaHttpError(refusal, response.status);
    }

    async function modelId(model) {
      if (/^0x[0-9a-fA-F]{64}$/.test(model)) return model;
      const found = (await ask("noema_models")).find(({ name }) => name === model);
      if (found === undefined) throw new TypeError(`noemaActions: the chain has no active model ${JSON.stringify(model)}`);
      return found.id;
    }

    async function certified(method, block) {
      const found = await ask(method, blockOf(block, "finalized"));
      return found && { ...found, number: BigInt(found.number), height: BigInt(found.height) };
    }

    return {
      async putData({ data, namespace, expiry, name, contentType }) {
        const query = members({ namespace, expiry, name });
        const headers = contentType === undefined ? {} : { "content-type": contentType };
        const body = typeof data === "string" ? new TextEncoder().encode(data) : data; // fetch gives a string a type of its own
        return (await http(`/da${query}`, { method: "PUT", headers, body })).json();
      },
      async getData({ id, path, from = 0, to }) {
        const range = from === 0 && to === undefined ? {} : { range: `bytes=${from}-${to === undefined ? "" : to - 1}` };
        const response = await http(`/da/${id}${path === undefined ? "" : `/${encodePath(path)}`}`, { headers: range });
        return new Uint8Array(await response.arrayBuffer());
      },
      statData: async ({ id, path }) => (await http(`/da/${id}${path === undefined ? "" : `/${encodePath(path)}`}?stat`)).json(),
      async getDataStatus({ id }) {
        const status = await ask("noema_daStatus", id);
        const { bytes, height, rows, rowsHeld } = status ?? {};
        const numbers = { bytes: Number(bytes), height: height && BigInt(height), rows: Number(rows), rowsHeld: Number(rowsHeld) };
        return status && { ...status, ...numbers };
      },
      getFinality: (block = {}) => certified("noema_finality", block),
      getCertificate: (block = {}) => certified("noema_getCertificate", block),
      async getModels() {
        return (await ask("noema_models")).map((model) => ({ ...model, macs: BigInt(model.macs), gas: BigInt(model.gas) }));
      },
      async infer({ model, input, ...block }) {
        return ask("noema_infer", await modelId(model), hexOf(input), blockOf(block, "latest"));
      },
      traceInference: ({ hash }) => ask("noema_traceInference", hash),
      traceFailure: ({ hash }) => ask("noema_traceFailure", hash),
      getTransactionStatus: ({ hash }) => ask("noema_getTransactionStatus", hash),
      getBlobSidecar: ({ hash }) => ask("eth_getBlobSidecarByTxHash", hash),
    };
  };
}

function blockOf({ blockNumber, blockTag }, otherwise) {
  return blockNumber === undefined ? (blockTag ?? otherwise) : `0x${blockNumber.toString(16)}`;
}

function members(all) {
  const given = Object.entries(all).filter(([, value]) => value !== undefined);
  return given.length === 0 ? "" : `?${new URLSearchParams(given.map(([name, value]) => [name, String(value)]))}`;
}

function encodePath(path) {
  return path.split("/").map(encodeURIComponent).join("/");
}

function hexOf(bytes) {
  return typeof bytes === "string" ? bytes : `0x${Array.from(bytes, (x) => x.toString(16).padStart(2, "0")).join("")}`;
}
