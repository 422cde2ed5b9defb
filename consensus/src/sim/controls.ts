import type { Scenario } from "./scenario.ts";
export type Control = { rule: string; seed: number; start: (s: Scenario) => Scenario; remove: (s: Scenario) => Scenario };
export const CONTROLS: Record<string, Control> = {};
