/** The rows of one object: a column for each validator, a line for each of its rows, the cells that were proven as marks on it. */
import { byId, make, write } from "../dom.ts";
import type { Validator } from "../types.ts";
import { type FileState, isManifestAt, type ObjectState, startOf } from "./file-state.ts";
import { type Block, type Layout, rowsText } from "./layout.ts";
import { MARKS, markOf, seenText } from "./marks.ts";
import { nameOf, size } from "./words.ts";

const CELLS = 128;
/** Drawn where no rows are known. */
const OUTLINES = 16;

let shown = "";
/** By slot. */
let rows: HTMLElement[] = [];

const outlines = () => Array.from({ length: OUTLINES }, () => make("i"));

function column({ validator, from, to }: Block, needed: number): HTMLElement {
  const lines = Array.from({ length: to - from }, (_, i) => {
    const slot = from + i;
    const row = make("i", { "data-kind": slot < needed ? "data" : "parity" });
    rows[slot] = row;
    return row;
  });
  return make(
    "li",
    {},
    make("b", { class: "name" }, `Validator ${validator}`),
    make("span", { class: "mark" }),
    make(
      "div",
      { class: "rows", "aria-hidden": "true", ...(lines.length > 40 ? { "data-dense": "" } : {}) },
      ...(to > from ? lines : outlines()),
    ),
    make("p", {}, to > from ? rowsText({ validator, from, to }, needed) : "no rows yet", make("span", { class: "proved" })),
  );
}

/** Built anew only for another object: what changes is written into it. */
function build(layout: Layout | undefined, validators: number): void {
  const key = JSON.stringify([layout?.blocks, layout?.needed, validators]);
  if (shown === key) return;
  shown = key;
  rows = [];
  const blocks = layout?.blocks ?? Array.from({ length: validators }, (_, validator) => ({ validator, from: 0, to: 0 }));
  byId("holders").replaceChildren(...blocks.map((block) => column(block, layout?.needed ?? 0)));
}

function showCells(object: ObjectState | undefined): void {
  const marks = new Map<number, number[]>();
  for (const { slot, cell } of object?.cells ?? []) marks.set(slot, [...(marks.get(slot) ?? []), cell]);
  for (const [slot, row] of rows.entries()) {
    const cells = marks.get(slot) ?? [];
    while (row.childElementCount > cells.length) row.lastChild?.remove();
    for (const cell of cells.slice(row.childElementCount)) {
      const mark = make("b");
      mark.style.left = `${(100 * cell) / CELLS}%`;
      row.append(mark);
    }
  }
}

/** `heard`: validators that this node hears. */
export function showObject(
  file: FileState | undefined,
  index: number,
  validators: readonly Validator[],
  heard: readonly number[] | undefined,
): void {
  const object = file?.objects[index];
  build(object?.layout, validators.length);
  const blocks = object?.layout?.blocks ?? [];
  for (const [i, element] of [...byId("holders").children].entries()) {
    const block = blocks[i];
    const mark =
      object === undefined || block === undefined
        ? "none"
        : markOf(object, block.validator, heard, validators[block.validator]?.publicKey.slice(2));
    (element as HTMLElement).dataset.mark = mark;
    const { text, means } = MARKS[mark];
    const [marked, seen] = [element.querySelector(".mark"), element.querySelector(".proved")] as [HTMLElement, HTMLElement];
    if (marked.textContent !== text) marked.textContent = text;
    marked.title = means;
    seen.textContent = object === undefined || block === undefined ? "" : seenText(block, object);
  }
  for (const [slot, row] of rows.entries()) row.toggleAttribute("data-read", object?.read?.has(slot) === true);
  showCells(object);
  showPicker(file, index);
}

function showPicker(file: FileState | undefined, index: number): void {
  const picker = byId<HTMLInputElement>("object");
  const count = file?.objects.length ?? 1;
  picker.max = String(count - 1);
  picker.disabled = count < 2;
  picker.value = String(index);
  const name = file === undefined ? "No object yet" : objectTitle(file, index);
  write("object-name", name);
  picker.setAttribute("aria-valuetext", name);
  const strip = byId("strip");
  while (strip.childElementCount > count) strip.lastChild?.remove();
  while (strip.childElementCount < count) strip.append(make("i"));
  for (const [i, mark] of ([...strip.children] as HTMLElement[]).entries()) {
    const state = file?.objects[i];
    mark.dataset.phase = state === undefined ? "waiting" : state.same === false ? "wrong" : state.same ? "read" : state.phase;
    mark.toggleAttribute("data-shown", i === index && count > 1);
  }
}

/** "Object 2 of 3: bytes 4,063,232 to 8,126,463 in 32 data rows and 64 of parity, any 32 rebuild it". */
function objectTitle(file: FileState, index: number): string {
  const { bytes, layout } = file.objects[index] as ObjectState;
  const what = isManifestAt(file, index)
    ? "names the objects, and the file"
    : `${size(bytes)} from byte ${startOf(file, index).toLocaleString("en-US")} on`;
  const rebuilt =
    layout === undefined
      ? ""
      : `; ${layout.rows} row${layout.rows === 1 ? "" : "s"}, any ${layout.needed} rebuild${layout.needed === 1 ? "s" : ""} it`;
  return `${nameOf(file, index)}: ${what}${rebuilt}`;
}
