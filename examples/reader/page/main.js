// A picture that is painted by hand, and what the contract on chain reads in it.
import { createPublicClient, http, toHex } from "viem";
import deployed from "../deployed.json";
import { greysOf, inputOf, SIDE } from "../picture.js";
import seven from "../seven.txt";

const node = createPublicClient({ transport: http(deployed.url) });
const canvas = document.querySelector("canvas");
const output = document.querySelector("output");
const pen = canvas.getContext("2d");
const greys = greysOf(seven);

function show() {
  const image = pen.createImageData(SIDE, SIDE);
  for (const [i, grey] of greys.entries()) image.data.set([255 - grey, 255 - grey, 255 - grey, 255], 4 * i);
  pen.putImageData(image, 0, 0);
}

async function read() {
  const args = [toHex(inputOf(greys))];
  const digit = await node.readContract({ ...deployed, functionName: "read", args }).catch((error) => error.shortMessage);
  output.textContent = digit;
}

/** Ink where the pointer is, half of it beside. */
function paint({ offsetX, offsetY, buttons }) {
  if (buttons === 0) return;
  const [x, y] = [offsetX, offsetY].map((at) => Math.floor((at * SIDE) / canvas.clientWidth));
  for (const [dx, dy, grey] of [
    [0, 0, 255],
    [1, 0, 128],
    [-1, 0, 128],
    [0, 1, 128],
    [0, -1, 128],
  ]) {
    const [column, row] = [x + dx, y + dy];
    if (column < 0 || column >= SIDE || row < 0 || row >= SIDE) continue;
    greys[row * SIDE + column] = Math.max(greys[row * SIDE + column], grey);
  }
  show();
}

canvas.addEventListener("pointerdown", paint);
canvas.addEventListener("pointermove", paint);
canvas.addEventListener("pointerup", read);
document.querySelector("button").addEventListener("click", () => {
  greys.fill(0);
  show();
  output.textContent = "…";
});
show();
read();
