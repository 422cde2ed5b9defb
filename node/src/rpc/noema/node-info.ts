import { to0x } from "@noema/core/bytes";
import type { ModelEnd, RpcDeps } from "../deps.ts";
import { quantityHex } from "../eth/hex.ts";
import { invalidParams } from "../json-rpc/error.ts";
import { method, type RpcMethod } from "../json-rpc/method.ts";
import { hash } from "../json-rpc/parsers.ts";

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
  return {
    noema_nodeInfo: method([], () => ({
      version: deps.version,
      chainId: quantityHex(deps.chainId),
      genesisHash: to0x(deps.genesisHash),
      dev: deps.dev !== undefined,
      validatorIndex: deps.chain.status().self ?? null,
      peers: deps.net.peers().map((p) => ({ id: p.id, validator: p.validator ?? null })),
      dataLayer: deps.data !== undefined,
    })),
    noema_models: method([], models),
    noema_inferGas: method([["model id", hash]], (id) => {
      const found = models().find((m) => m.id === to0x(id));
      if (found === undefined) throw invalidParams(`model id: ${to0x(id)} is no active model; noema_models lists them`);
      return found.gas;
    }),
  };
}
