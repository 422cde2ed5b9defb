/** The admin namespace, as far as geth's answers have a meaning here: this node and its peers in the network. */
import { to0x } from "@noema/core/bytes";
import { indexOf } from "@noema/core/validator-index";
import type { RpcDeps } from "../../deps.ts";
import { method, type RpcModule } from "../../json-rpc/method.ts";
import { HASH, INTEGER, list, members, nullable, TEXT } from "../../json-rpc/schema.ts";

const PROTOCOLS = members({ eth: members({ network: INTEGER, genesis: HASH }) });

export function createAdminModule(deps: RpcDeps): RpcModule {
  const { net, chain, chainId, genesisHash, version } = deps;
  const protocols = { eth: { network: chainId, genesis: to0x(genesisHash) } };
  const idOf = (multiaddr: string) => multiaddr.split("/p2p/")[1] ?? "";
  const nodeInfo = () => {
    const listenAddrs = net.addresses();
    return { id: idOf(listenAddrs[0] ?? ""), name: version, listenAddr: listenAddrs[0] ?? "", listenAddrs, protocols };
  };
  const peers = () =>
    net.peers().map(({ id, publicKey }) => ({ id, validator: indexOf(chain.validators(), publicKey) ?? null, protocols }));
  return {
    name: "admin",
    methods: {
      admin_nodeInfo: method({
        summary: "this node in the network of its chain",
        params: [],
        result: members({ id: TEXT, name: TEXT, listenAddr: TEXT, listenAddrs: list(TEXT), protocols: PROTOCOLS }),
        open: true,
        run: nodeInfo,
      }),
      admin_peers: method({
        summary: "the peers that are connected, and which validator each is",
        params: [],
        result: list(members({ id: TEXT, validator: nullable(INTEGER), protocols: PROTOCOLS })),
        open: true,
        run: peers,
      }),
    },
  };
}
