/** One look at each node; votes are counted over the certificates that have come since the last. */
import { isNoemaError } from "@noema/core/errors";
import { type Certificate, question, type Status } from "./ask.ts";

export type Seen = {
  url: string;
  /** Of /readyz: synced, syncing, halted; "silent" where it does not answer. */
  state: string;
  cause?: string;
  height?: number;
  /** Blocks behind the highest of all that are watched. */
  lag?: number;
  view?: string;
  peers?: number;
  heard?: string;
  index?: number;
  /** Of the certificates since the watch began: those with its vote, and without. A quorum suffices for one, so some lack anybody's. */
  voted?: number;
  missed?: number;
};
export type Votes = { voted: number; missed: number };

/** Certificates asked for in one look: what came while nobody looked is not counted. */
const MOST = 16;

export type Observer = { look(): Promise<Seen[]> };

export function createObserver(urls: readonly string[], ask: typeof question = question): Observer {
  const votes = new Map<number, Votes>();
  let counted: number | undefined;

  async function count(url: string, finalized: number): Promise<void> {
    const from = Math.max(counted ?? finalized, finalized - MOST);
    for (let height = from + 1; height <= finalized; ) {
      const certificate = await ask<Certificate | null>(url, "noema_getCertificate", [`0x${height.toString(16)}`]);
      if (certificate === null) break;
      const validators = (await ask<Status>(url, "noema_consensusStatus")).validators;
      const signers = new Set(certificate.signers.map(({ index }) => index));
      for (let index = 0; index < validators; index++) {
        const of = votes.get(index) ?? { voted: 0, missed: 0 };
        votes.set(index, signers.has(index) ? { ...of, voted: of.voted + 1 } : { ...of, missed: of.missed + 1 });
      }
      height = Math.max(height, Number(certificate.height)) + 1;
    }
    counted = finalized;
  }

  async function see(url: string): Promise<Seen> {
    try {
      const status = await ask<Status>(url, "noema_consensusStatus");
      const peers = Number(await ask<string>(url, "net_peerCount"));
      const { state, cause, self, view, epoch, heardFrom, validators, consensusHeight } = status;
      const common = { url, state, height: Number(consensusHeight), view: `${Number(epoch)}/${Number(view)}`, peers };
      return {
        ...common,
        heard: `${heardFrom.length}/${validators}`,
        ...(cause !== null && { cause }),
        ...(self !== null && { index: self }),
      };
    } catch (error) {
      return { url, state: "silent", cause: reasonOf(error) };
    }
  }

  return {
    async look() {
      const seen = await Promise.all(urls.map(see));
      const best = seen.reduce<Seen | undefined>((top, x) => ((x.height ?? -1) > (top?.height ?? -1) ? x : top), undefined);
      if (best !== undefined) {
        const finalized = Number((await ask<Status>(best.url, "noema_consensusStatus").catch(() => ({ finalized: 0 }))).finalized);
        await count(best.url, finalized).catch(() => {}); // the node that was asked has gone: the next look asks another
      }
      return seen.map((x) => ({
        ...x,
        ...(x.height !== undefined && { lag: (best?.height ?? 0) - x.height }),
        ...(x.index !== undefined && (votes.get(x.index) ?? { voted: 0, missed: 0 })),
      }));
    },
  };
}

function reasonOf(error: unknown): string {
  if (isNoemaError(error)) return error.code;
  const { code, message, cause } = error as NodeJS.ErrnoException & { cause?: { code?: string } };
  return cause?.code ?? code ?? message;
}
