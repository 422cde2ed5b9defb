/** The drawing area: strokes by pointer (mouse, pen, finger), or given as points. */
import { enlarged, type Point } from "./enlarge.ts";

export type Pad = {
  /** side x side, 0 to 1: what is drawn, a small drawing enlarged under the same pen. */
  ink(): { pixels: Float32Array; side: number };
  clear(): void;
  /** Points in [0, 1] x [0, 1], one line each. */
  stroke(points: readonly Point[]): void;
};

const PEN = 0.078; // of the side: MNIST's strokes are 2 to 3 of 20 pixels wide

export function createPad(canvas: HTMLCanvasElement, onChange: () => void): Pad {
  const side = canvas.width;
  const seen = penOn(canvas);
  const read = penOn(new OffscreenCanvas(side, side));
  let strokes: Point[][] = [];
  let drawing = false;

  function penOn(target: HTMLCanvasElement | OffscreenCanvas): CanvasRenderingContext2D | OffscreenCanvasRenderingContext2D {
    const context = target.getContext("2d", { willReadFrequently: true }) as CanvasRenderingContext2D;
    context.lineWidth = PEN * side;
    context.lineCap = "round";
    context.lineJoin = "round";
    context.strokeStyle = "#fff";
    return context;
  }

  function line(context: typeof seen, from: Point, to: Point): void {
    context.beginPath();
    context.moveTo(from[0] * side, from[1] * side);
    context.lineTo(to[0] * side, to[1] * side);
    context.stroke();
  }

  /** Goes on with the last stroke. */
  function draw(to: Point): void {
    const stroke = strokes.at(-1) as Point[];
    line(seen, stroke.at(-1) ?? to, to);
    stroke.push(to);
  }

  function at(event: PointerEvent): Point {
    const box = canvas.getBoundingClientRect();
    return [(event.clientX - box.left) / box.width, (event.clientY - box.top) / box.height];
  }

  function begin(event: PointerEvent): void {
    if (event.button !== 0) return;
    canvas.setPointerCapture(event.pointerId);
    drawing = true;
    strokes.push([]);
    draw(at(event));
    onChange();
  }

  function move(event: PointerEvent): void {
    if (!drawing) return;
    for (const part of event.getCoalescedEvents?.() ?? [event]) draw(at(part));
    onChange();
  }

  function end(): void {
    drawing = false;
  }

  canvas.addEventListener("pointerdown", begin);
  canvas.addEventListener("pointermove", move);
  canvas.addEventListener("pointerup", end);
  canvas.addEventListener("pointercancel", end);

  return {
    ink() {
      read.clearRect(0, 0, side, side);
      for (const stroke of enlarged(strokes)) for (const [i, point] of stroke.entries()) line(read, stroke[i - 1] ?? point, point);
      const { data } = read.getImageData(0, 0, side, side);
      return { side, pixels: Float32Array.from({ length: side * side }, (_, i) => (data[4 * i + 3] as number) / 255) };
    },
    clear() {
      seen.clearRect(0, 0, side, side);
      strokes = [];
      drawing = false;
      onChange();
    },
    stroke(points) {
      strokes.push([]);
      for (const point of points) draw(point);
      onChange();
    },
  };
}
