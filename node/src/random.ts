import { randomBytes } from "node:crypto";
import type { Random } from "@noema/core/ports/random";

export const systemRandom: Random = { bytes: (n) => new Uint8Array(randomBytes(n)) };
