import { to0x } from "@noema/core/bytes";
import type { Hash } from "@noema/core/ports/bytes";
import { indexOf } from "@noema/core/validator-index";
import type { ModelEnd, RpcDeps } from "../../deps.ts";
import { quantityHex } from "../../ethereum/hex.ts";
import { method, type RpcMethod } from "../../json-rpc/method.ts";
import { hash } from "../../json-rpc/parsers.ts";
import { BOOLEAN, HASH, INTEGER, type JsonSchema, list, members, NUMBER, nullable, QUANTITY, TEXT } from "../../json-rpc/schema.ts";
import { activeModel } from "./inference.ts";

const INFO = members({
  version: TEXT,
  chainId: QUANTITY,
  genesisHash: HASH,
  dev: BOOLEAN,
  validatorIndex: nullable(INTEGER),
  addresses: list(TEXT),
  peers: list(members({ id: TEXT, validator: nullable(INTEGER) })),
  dataLayer: BOOLEAN,
});
const end = { dtype: TEXT, shape: list(INTEGER), encoding: nullable(TEXT) };
const MODEL: JsonSchema = {
  title: "Model",
  description: "and what goes in and comes out",
  ...members({
    id: HASH,
    name: TEXT,
    description: TEXT,
    inputBytes: INTEGER,
    outputBytes: INTEGER,
    macs: QUANTITY,
    gas: QUANTITY,
    input: members(end),
    output: members({ ...end, labels: nullable(list(TEXT)), temperature: nullable(NUMBER) }),
  }),
};

const renderEnd = ({ dtype, shape, encoding }: ModelEnd) => ({ dtype, shape, encoding: encoding ?? null });

export function nodeInfoMethods(deps: RpcDeps): Record<string, RpcMethod> {
  const models = () =>
    deps.models.list().map((m) => ({
      id: to0x(m.id),
      name: m.name,
      description: m.description,
      inputBytes: m.inputBytes,
      outputBytes: m.outputBytes,
      macs: quantityHex(m.macs),
      gas: quantityHex(m.gas),
      input: renderEnd(m.input),
      output: { ...renderEnd(m.output), labels: m.output.labels ?? null, temperature: m.output.temperature ?? null },
    }));
  const info = () => ({
    version: deps.version,
    chainId: quantityHex(deps.chainId),
    genesisHash: to0x(deps.genesisHash),
    dev: deps.operations !== undefined,
    validatorIndex: deps.chain.status().self ?? null,
    addresses: deps.net.addresses(),
    peers: deps.net.peers().map((p) => ({ id: p.id, validator: indexOf(deps.chain.validators(), p.publicKey) ?? null })),
    dataLayer: deps.data !== undefined,
  });
  const inferGas = (id: Hash) => quantityHex(activeModel(deps, id).gas);
  return {
    noema_nodeInfo: method({
      summary: "this node: its version and chain, which validator it is, its addresses and peers",
      params: [],
      result: INFO,
      open: true,
      run: info,
    }),
    noema_models: method({
      summary: "the models of this chain, with what a call costs and what its ends mean",
      params: [],
      result: list(MODEL),
      open: true,
      run: models,
    }),
    noema_inferGas: method({
      summary: "gas of one inference",
      params: [["model id", hash]],
      result: QUANTITY,
      open: true,
      run: inferGas,
    }),
  };
}
