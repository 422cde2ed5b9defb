// Whole models inside linear memory: one call runs every operator of a plan. Kinds are the operator codes of the file format.
import { avgpool, depthwise, maxpool } from "./channelwise";
import * as op from "./descriptor";
import { add, argmax, lut8, reshape } from "./elementwise";
import { product } from "./product";

export function run(plan: usize, operators: i32): void {
  for (let i = 0; i < operators; i++) {
    step(plan);
    plan += op.WORDS << 2;
  }
}

function step(d: usize): void {
  switch (op.kind(d)) {
    case 1:
    case 3:
      product(d);
      break;
    case 2:
      depthwise(d);
      break;
    case 5:
      add(d);
      break;
    case 7:
      maxpool(d);
      break;
    case 8:
      avgpool(d);
      break;
    case 9:
      lut8(d);
      break;
    case 18:
      reshape(d);
      break;
    case 19:
      argmax(d);
      break;
    default:
      unreachable();
  }
}
