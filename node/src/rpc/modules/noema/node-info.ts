import { to0x } from "@noema/core/bytes";
import type { Hash } from "@noema/core/ports/bytes";
import { indexOf } from "@noema/core/validator-index";
import type { ModelEnd, RpcDeps } from "../../deps.ts";
import { quantityHex } from "../../ethereum/hex.ts";
import { method, type RpcMethod } from "../../json-rpc/method.ts";
import { hash } from "../../json-rpc/parsers.ts";
import { activeModel } from "./inference.ts";

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
    noema_nodeInfo: method([], info, { open: true }),
    noema_models: method([], models, { open: true }),
    noema_inferGas: method([["model id", hash]], inferGas, { open: true }),
  };
}
