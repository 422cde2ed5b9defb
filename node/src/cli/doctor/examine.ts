/** All that `noema doctor` looks at, in its order. */
import { existsSync } from "node:fs";
import { dirname, resolve } from "node:path";
import type { NodeConfig } from "../../config.ts";
import { peerKeyPath } from "../../keys/paths.ts";
import { loadPeerKey } from "../../keys/peer-key.ts";
import { namesByPeer, readNetworkFile } from "../../network/network-file.ts";
import { addressBook } from "../../p2p/address-book.ts";
import { lockOwner } from "../../store/datadir-lock.ts";
import { judgeSpace, judgeSyncs, measureSyncs } from "./disk.ts";
import { type Finding, judged } from "./finding.ts";
import { judgeGpu } from "./inference.ts";
import { judgeCores, judgeFiles, judgeMemory, judgeSimd } from "./machine.ts";
import { judgeClock, judgePeers, judgePort } from "./network.ts";

export async function examine(config: NodeConfig): Promise<Finding[]> {
  const { datadir, rpc, metrics, p2p } = config;
  const folder = existing(datadir);
  const owner = await lockOwner(datadir);
  const ports = { rpc, metrics, p2p };
  const ofPorts = await Promise.all(Object.entries(ports).map(([name, place]) => judgePort(name, place, owner !== undefined)));
  return [
    judged(
      "data directory",
      "good",
      `${datadir}: ${owner === undefined ? "no node runs in it" : `a node runs in it (${owner.pid ?? "another container"})`}`,
      "",
    ),
    await judgeClock(config.rpcUrls.filter((url) => new URL(url).port !== String(rpc.port))),
    diskSpeed(folder),
    await judgeSpace(folder, config.da.diskReserve),
    ...judgeFiles(),
    ...ofPorts,
    ...(await judgePeers(addressBook(p2p.peers, await ownId(datadir)), namesIn(config.network))),
    judgeCores(),
    judgeSimd(),
    await judgeGpu(config.inference),
    judgeMemory(),
  ];
}

/** A directory that has no key yet gets none by being looked at. */
const ownId = async (datadir: string) => (existsSync(peerKeyPath(datadir)) ? (await loadPeerKey(datadir)).id : "");

const namesIn = (network: string | undefined) => (network === undefined ? undefined : namesByPeer(readNetworkFile(network)));

function diskSpeed(folder: string): Finding {
  try {
    return judgeSyncs(measureSyncs(folder));
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    return judged(
      "disk speed",
      "bad",
      `${folder} cannot be written: ${code ?? message}`,
      "Give the folder to who runs the node, or choose another --datadir.",
    );
  }
}

/** The nearest folder above that is there. */
function existing(path: string): string {
  let at = resolve(path);
  while (!existsSync(at) && dirname(at) !== at) at = dirname(at);
  return at;
}
