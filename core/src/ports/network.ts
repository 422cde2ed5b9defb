import type { Bytes } from "./bytes.ts";
import type { PublicKeyHex } from "./signing.ts";

/**
 * `publicKey`: of the validator's key that Hello has bound to the peer's id; whether it is a member is a question of the epoch
 * (validator-index.ts). `instance` differs with each start of a process. `version`: of the wire, the newest that both speak.
 */
export type Peer = { id: string; publicKey?: PublicKeyHex; instance?: string; version?: number };
export type PeerAction = "ignore" | "reject" | "disconnect";
export type Verdict = { ok: true } | { ok: false; code: string; action: PeerAction };
export type Lane = "consensus" | "data";

/** Authenticated peers. Frames keep their order for each peer and lane; queues are bounded. */
export interface Network {
  peers(): readonly Peer[];
  /** Called when a peer has said Hello, and when it is gone. */
  onPeer(f: (peer: Peer, up: boolean) => void): void;
  /** false: unknown peer or queue full, the frame is dropped. */
  send(to: string, lane: Lane, frame: Bytes): boolean;
  /** One handler a lane. The frame is only valid during the call unless copied. */
  onFrame(lane: Lane, f: (from: Peer, frame: Bytes) => Verdict | Promise<Verdict>): void;
  /** Answer chunks in order, at most `max` bytes in all; throws REQUEST_FAILED with the peer's reason. */
  request(to: string, method: string, body: Bytes, max: number, signal: AbortSignal): AsyncIterable<Bytes>;
  serve(method: string, f: (from: Peer, body: Bytes, signal: AbortSignal) => AsyncIterable<Bytes>): void;
  /** To every node, at most once each. */
  publish(topic: string, body: Bytes): void;
  onPublish(topic: string, f: (from: Peer, body: Bytes) => Verdict | Promise<Verdict>): void;
  /** To one peer, which passes it on to nobody, under a topic that is never published. false: as of `send`. */
  tell(to: string, topic: string, body: Bytes): boolean;
  onTell(topic: string, f: (from: Peer, body: Bytes) => Verdict | Promise<Verdict>): void;
}
