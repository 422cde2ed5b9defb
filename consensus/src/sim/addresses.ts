/** The engine names peers by their keys; a run names them by their indexes in its one set. */
import type { ValidatorSet } from "@noema/core/ports/signing";
import { indexOf, publicKeyAt } from "@noema/core/validator-index";
import { step } from "../engine/engine.ts";
import type * as engine from "../engine/events.ts";
import type { State } from "../engine/state.ts";

export type Event = engine.Event<number>;
export type Effect = engine.Effect<number>;

export function stepByIndex(set: ValidatorSet, state: State, event: Event): Effect[] {
  const keyOf = (index: number) => publicKeyAt(set, index) ?? raise(`no validator ${index}`);
  const place = (key: Parameters<typeof indexOf>[1]) => indexOf(set, key) ?? raise(`no validator ${key}`);
  const named = "from" in event && event.from !== undefined ? { ...event, from: keyOf(event.from) } : event;
  return step(state, named as engine.Event).map((effect): Effect => {
    switch (effect.type) {
      case "Send":
        return { ...effect, to: effect.to === "all" ? "all" : effect.to.map(place) };
      case "Fetch":
      case "Serve":
        return { ...effect, to: place(effect.to) } as Effect;
      case "Blame":
        return { ...effect, validator: place(effect.validator) };
      default:
        return effect;
    }
  });
}

function raise(message: string): never {
  throw new RangeError(message);
}
