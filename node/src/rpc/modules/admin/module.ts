/** The admin namespace, as far as geth's answers have a meaning here: this node and its peers in the network. */
import { to0x } from "@noema/core/bytes";
import { indexOf } from "@noema/core/validator-index";
import type { RpcDeps } from "../../deps.ts";
import { method, type RpcModule } from "../../json-rpc/method.ts";

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
      admin_nodeInfo: method([], nodeInfo, { open: true }),
      admin_peers: method([], peers, { open: true }),
    },
  };
}
