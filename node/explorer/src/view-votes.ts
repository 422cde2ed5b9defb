import { byId, make, number, short, showFacts } from "./dom.ts";
import type { Certified } from "./reading.ts";
import type { Block } from "./types.ts";

type Facts = (readonly [string, Node | string])[];

function comparedRoots(exec: Certified["finality"]["header"]["exec"], own: Block, signers: number, carried: string): Facts {
  const equal = own.stateRoot === exec.stateRoot && own.hash === exec.evmBlockHash;
  const verdict = equal ? `equal: all ${signers} signers and this node, after block #${number(exec.height)}` : "DIFFERENT";
  return [
    ["Signed root", make("code", {}, exec.stateRoot)],
    ["This node’s root", make("code", {}, own.stateRoot)],
    ["Roots", make("span", { class: equal ? "good" : "bad" }, verdict)],
    ["Carried by", carried],
  ];
}

function ownRoot(own: Block, carried: string): Facts {
  return [
    ["State root", make("code", {}, own.stateRoot)],
    ["Ordered by", carried],
    ["Final", "at once: with one validator nobody else executes"],
  ];
}

/** Each validator, whether its signature stands in the certificate, and the root that they all signed. */
export function showVotes({ finality, own, alone }: Certified): void {
  const { exec, height, view, epoch } = finality.header;
  const voted = new Set(finality.signers.map((s) => s.index));
  const members = finality.publicKeys.map((key, index) => {
    const signed = voted.has(index);
    const mark = make("span", signed ? { class: "good" } : {}, signed ? "✓ voted" : "not in it");
    return make(
      "li",
      signed ? { "data-voted": "" } : {},
      make("b", {}, `Validator ${index}`, mark),
      make("code", { title: key }, short(key)),
    );
  });
  byId("members").replaceChildren(...members);
  const share = `${voted.size} of ${finality.publicKeys.length} validators (${number(finality.signedWeight)} of ${number(finality.totalWeight)} stake)`;
  const rule = alone ? "" : " A validator votes only when its own execution gave the state root in it.";
  byId("votes-lead").textContent = `${share} signed one header.${rule}`;
  const carried = `consensus header ${number(height)}, epoch ${number(epoch)}, view ${number(view)}`;
  showFacts(byId("roots"), alone ? ownRoot(own, carried) : comparedRoots(exec, own, voted.size, carried));
}

export function clearVotes(text: string): void {
  byId("members").replaceChildren();
  byId("votes-lead").textContent = text;
  showFacts(byId("roots"), []);
}
