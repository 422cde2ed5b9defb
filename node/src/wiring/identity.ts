/** Who this node is to the others: its validator key, and the network that binds its peer id to that key. */
import { fromHex } from "@noema/core/bytes";
import type { OwnSignatures } from "@noema/core/crypto/own-signatures";
import { specHash } from "@noema/core/genesis";
import type { Logger } from "@noema/core/ports/logger";
import type { Metrics } from "@noema/core/ports/metrics";
import type { CertificateScheme, PublicKeyHex, Signer } from "@noema/core/ports/signing";
import { isMember, publicKeyHex } from "@noema/core/validator-index";
import { systemClock as clock } from "../clock.ts";
import type { NodeConfig } from "../config.ts";
import { nodeError } from "../errors.ts";
import { chosenKey, type KeyChoice, openKey } from "../keys/key-folder.ts";
import { loadPeerKey } from "../keys/peer-key.ts";
import { createSigner } from "../keys/signer.ts";
import { INSTANCE_BYTES } from "../p2p/hello.ts";
import { tcpAddress } from "../p2p/libp2p-node.ts";
import { createP2pNetwork, type P2pNetwork } from "../p2p/p2p-network.ts";
import { systemRandom as random } from "../random.ts";
import { refuseMoved } from "../slashing-protection/moved.ts";
import type { ChainSpec } from "./genesis.ts";
import type { Watches } from "./watches.ts";

/** undefined: this node only follows. Throws NOT_A_VALIDATOR, KEY_MOVED, KEY_UNPROTECTED, and what the keys' folder throws. */
export async function loadSigner(
  { follow, ...choice }: KeyChoice & { follow: boolean },
  spec: ChainSpec,
  own: OwnSignatures,
): Promise<Signer | undefined> {
  if (follow) return undefined;
  const key = chosenKey(choice);
  if (!isMember(spec.validatorSet(0), publicKeyHex(fromHex(key.publicKey))))
    throw nodeError("NOT_A_VALIDATOR", "the key in the data directory is not one of genesis.json's validators");
  refuseMoved(choice.datadir, key.publicKey);
  return createSigner(await openKey(key, choice), spec.hash, own);
}

export type NetworkParts = {
  spec: ChainSpec;
  config: NodeConfig;
  signer: Signer | undefined;
  /** Of the epoch at hand, or of the one before or after. */
  isValidator(publicKey: PublicKeyHex): boolean;
  scheme: CertificateScheme;
  watches?: Pick<Watches, "nameOf" | "onClock">;
  logger: Logger;
  metrics: Metrics;
};

export async function joinNetwork({
  spec,
  config,
  signer,
  isValidator,
  scheme,
  watches,
  logger,
  metrics,
}: NetworkParts): Promise<P2pNetwork> {
  const { privateKey } = await loadPeerKey(config.datadir);
  return createP2pNetwork(
    { listen: [tcpAddress(config.p2p)], peers: config.p2p.peers },
    {
      privateKey,
      hello: { genesisHash: spec.hash, specHash: specHash(), instance: random.bytes(INSTANCE_BYTES), signer, scheme },
      isValidator,
      ...watches,
      clock,
      random,
      logger,
      metrics,
    },
  );
}
