import { copyable, short } from "./copy.ts";
import { byId, type Facts, make, number, showFacts } from "./dom.ts";
import type { Certified } from "./reading.ts";
import type { Hex } from "./types.ts";

const NONE = "–";

/**
 * A certificate holds the votes that came first: a validator that is not in it was late, which is no fault, unless nobody hears
 * from it.
 */
const MARKS = {
  none: { text: NONE, means: "" },
  voted: { text: "✓ voted", means: "its signature stands in the certificate" },
  late: { text: "late", means: "the certificate was complete before its vote came; no fault" },
  unheard: { text: "not heard", means: "this node hears nothing from it" },
} as const;

type Mark = keyof typeof MARKS;

function showMembers(publicKeys: readonly Hex[], markOf: (index: number) => Mark): void {
  const members = publicKeys.map((key, index) => {
    const mark = markOf(index);
    const { text, means } = MARKS[mark];
    const head = make("b", {}, `Validator ${index}`, make("span", means === "" ? {} : { title: means }, text));
    return make("li", { "data-mark": mark }, head, copyable(key, short(key, 6, 4)));
  });
  byId("members").replaceChildren(...members);
}

const RULE =
  "A validator votes only when its own execution gave the same state root; more than two thirds of the stake decide, so a late one is no fault.";
const RULE_ALONE = "With one validator nobody else executes: its own signature makes a block final.";

type Shown = { signed: string; root: Node | string; own: Node | string; equal: Node | string; carried: string };

function showRoots({ signed, root, own, equal, carried }: Shown, alone: boolean): void {
  const compared: Facts = [
    ["Signed root", root],
    ["This node’s root", own],
    ["Roots", equal],
  ];
  showFacts(byId("roots"), [["Signed by", signed], ...(alone ? ([["State root", own]] as const) : compared), ["Carried by", carried]]);
  byId("votes-lead").textContent = alone ? RULE_ALONE : RULE;
}

/** Each validator, whether its signature stands in the certificate, and the root that they all signed. */
export function showVotes({ finality, own, alone }: Certified, heard: readonly number[]): void {
  const { exec, height, view, epoch } = finality.header;
  const voted = new Set(finality.signers.map((s) => s.index));
  showMembers(finality.publicKeys, (index) => (voted.has(index) ? "voted" : heard.includes(index) ? "late" : "unheard"));
  const equal = own.stateRoot === exec.stateRoot && own.hash === exec.evmBlockHash;
  const shown = {
    signed: `${voted.size} of ${finality.publicKeys.length} validators, ${number(finality.signedWeight)} of ${number(finality.totalWeight)} stake`,
    root: copyable(exec.stateRoot),
    own: copyable(own.stateRoot),
    equal: make("span", { class: equal ? "good" : "bad" }, equal ? `equal, after block #${number(exec.number)}` : "DIFFERENT"),
    carried: `header ${number(height)}, epoch ${number(epoch)}, view ${number(view)}`,
  };
  showRoots(shown, alone);
}

/** The same rows, empty: the answer finds its room. */
export function clearVotes(publicKeys: readonly Hex[]): void {
  showMembers(publicKeys, () => "none");
  showRoots({ signed: NONE, root: NONE, own: NONE, equal: NONE, carried: NONE }, publicKeys.length === 1);
}
