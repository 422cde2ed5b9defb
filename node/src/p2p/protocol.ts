/**
 * The wire (encoding.md 5). One authenticated, encrypted, multiplexed connection for each pair of nodes; on it
 *
 *   /noema/2/consensus   long-lived, both ways, served first. Its first frame in each direction is Hello, in which each says the newest
 *                        version that it speaks; both speak the lower of the two. Who does not know that stream is asked for
 *                        /noema/1/consensus, on which both speak 5.
 *   /noema/1/data        long-lived, both ways
 *   /noema/1/publish     long-lived, both ways: u8 length of the topic || topic || body; a topic is either published or told
 *   /noema/1/req         one stream a request: one frame there (u8 length of the method || method || body), frames back
 *                        (u8 0 || chunk, at the end u8 1, or u8 2 || reason)
 *
 * A frame is u32be length || bytes; what the bytes are is its consumer's matter (u8 type || SSZ). The dialer opens the three
 * long-lived streams. Nothing but Hello is read before Hello is checked: version, genesis, fork schedule and, for a validator,
 * the signature by its key over this peer's id, on which the acceptance of votes relies.
 *
 * What is told goes to one peer. What is published floods: each node passes a message that its handler accepts to every peer but the one it came from, once, by a
 * bounded cache of what was seen; from validator to validator it goes at most one step, since they are connected to each other. That
 * is right for some tens of nodes that all know each other; gossipsub comes with full nodes.
 */
/**
 * 2: Hello names the instance; 3: a header's result has number and systemRoot; 4: Hello names the key; 5: many transactions in a frame; 6: blobs of a
 * batch are asked for, versions are agreed on. Hello is laid out alike in all that come.
 */
export const VERSION = 6;
/** The oldest that is spoken still: v0.1.0's, which takes no other in Hello. */
export const OLDEST_VERSION = 5;
/** Questions that versions after the oldest have brought, which peers of a lower one are not asked. */
export const ASKED_SINCE: ReadonlyMap<string, number> = new Map([["blob/sidecars", 6]]);

export const CONSENSUS = "/noema/2/consensus";
export const CONSENSUS_5 = "/noema/1/consensus";
export const DATA = "/noema/1/data";
export const PUBLISH = "/noema/1/publish";
export const REQUEST = "/noema/1/req";

export const MAX_HELLO_BYTES = 1024; // a Hello has under 300
export const MAX_CONSENSUS_FRAME = 1 << 20; // a proposal with 1,024 certificates has about 300 KB
export const MAX_DATA_FRAME = 256 << 10; // a batch has at most 140 KB; rows travel as answers
export const MAX_PUBLISH_FRAME = 1 << 20;
export const MAX_REQUEST_BODY = 1 << 20;
export const ANSWER_CHUNK = 256 << 10; // streams move bytes best in 256 KiB to 1 MiB

export const HELLO_TIMEOUT_MS = 10_000;
export const FRAME_TIMEOUT_MS = 60_000; // the largest frame at 140 KB/s
export const MAX_REJECTS = 50; // a connection; honest peers have next to none
