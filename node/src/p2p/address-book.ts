import { peerIdFromString } from "@libp2p/peer-id";
import { type Multiaddr, multiaddr } from "@multiformats/multiaddr";
import { p2pError } from "./errors.ts";

/** Addresses by peer id; this node's own are left out. Throws P2P_ADDRESS_INVALID. */
export function addressBook(peers: readonly string[], selfId: string): ReadonlyMap<string, Multiaddr[]> {
  const book = new Map<string, Multiaddr[]>();
  for (const text of peers) {
    const address = parseAddress(text);
    const id = address.getComponents().findLast((c) => c.name === "p2p")?.value;
    if (id === undefined) throw p2pError("P2P_ADDRESS_INVALID", `peer address ${text}: no /p2p/<peer id> at its end`, { address: text });
    checkPeerId(id, text);
    if (id !== selfId) book.set(id, [...(book.get(id) ?? []), address]);
  }
  return book;
}

function parseAddress(text: string): Multiaddr {
  try {
    return multiaddr(text);
  } catch (error) {
    throw p2pError("P2P_ADDRESS_INVALID", `peer address ${text}: ${error instanceof Error ? error.message : error}`, {
      address: text,
    });
  }
}

/** An address may end in what is no peer's id: the address alone does not tell. */
function checkPeerId(id: string, address: string): void {
  try {
    peerIdFromString(id);
  } catch (error) {
    throw p2pError(
      "P2P_ADDRESS_INVALID",
      `peer address ${address}: ${id} is no peer id: ${error instanceof Error ? error.message : error}`,
      {
        address,
      },
    );
  }
}

/** The IP address, or name, of a multiaddr. */
export const hostOf = (address: Multiaddr) => address.getComponents()[0]?.value ?? "";
