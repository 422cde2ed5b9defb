/** The drawing area: strokes by pointer (mouse, pen, finger), or given as points. */
export type Point = readonly [x: number, y: number];

export type Pad = {
  /** side x side, 0 to 1. */
  ink(): { pixels: Float32Array; side: number };
  clear(): void;
  /** Points in [0, 1] x [0, 1], one line each. */
  stroke(points: readonly Point[]): void;
};

const PEN = 0.078; // of the side: MNIST's strokes are 2 to 3 of 20 pixels wide

export function createPad(canvas: HTMLCanvasElement, onChange: () => void): Pad {
  const context = canvas.getContext("2d", { willReadFrequently: true }) as CanvasRenderingContext2D;
  const side = canvas.width;
  let last: Point | undefined;

  function prepare(): void {
    context.lineWidth = PEN * side;
    context.lineCap = "round";
    context.lineJoin = "round";
    context.strokeStyle = "#fff";
  }

  function line(from: Point, to: Point): void {
    context.beginPath();
    context.moveTo(from[0] * side, from[1] * side);
    context.lineTo(to[0] * side, to[1] * side);
    context.stroke();
  }

  function at(event: PointerEvent): Point {
    const box = canvas.getBoundingClientRect();
    return [(event.clientX - box.left) / box.width, (event.clientY - box.top) / box.height];
  }

  function begin(event: PointerEvent): void {
    if (event.button !== 0) return;
    canvas.setPointerCapture(event.pointerId);
    last = at(event);
    line(last, last);
    onChange();
  }

  function move(event: PointerEvent): void {
    if (last === undefined) return;
    for (const part of event.getCoalescedEvents?.() ?? [event]) {
      const next = at(part);
      line(last, next);
      last = next;
    }
    onChange();
  }

  function end(): void {
    last = undefined;
  }

  prepare();
  canvas.addEventListener("pointerdown", begin);
  canvas.addEventListener("pointermove", move);
  canvas.addEventListener("pointerup", end);
  canvas.addEventListener("pointercancel", end);

  return {
    ink() {
      const { data } = context.getImageData(0, 0, side, side);
      return { side, pixels: Float32Array.from({ length: side * side }, (_, i) => (data[4 * i + 3] as number) / 255) };
    },
    clear() {
      context.clearRect(0, 0, side, side);
      onChange();
    },
    stroke(points) {
      for (let i = 0; i < points.length; i++) line(points[Math.max(0, i - 1)] as Point, points[i] as Point);
      onChange();
    },
  };
}
