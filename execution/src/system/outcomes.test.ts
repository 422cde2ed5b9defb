import { expect, it } from "vitest";
import { REFUSALS } from "./outcomes.ts";

it("is frozen: what validators commit to by a number", () => {
  expect(REFUSALS).toEqual({
    1: "DEV_MALFORMED",
    2: "DEV_NONCE_TOO_HIGH",
    3: "DEV_RESERVED_ADDRESS",
    4: "DEV_TIME_BACKWARDS",
    5: "DEV_OUT_OF_RANGE",
    6: "DEV_NOT_DUE",
    7: "DEV_STAGED_UNKNOWN",
    8: "DEV_BUSY",
    9: "DEV_SNAPSHOT_UNKNOWN",
    10: "DEV_NUMBER_UNKNOWN",
    11: "DEV_HISTORY_GONE",
    12: "DEV_DUMP_MALFORMED",
    13: "DEV_DUMP_CHECKSUM",
    14: "DEV_STAGED_FULL",
    15: "DEV_DUMP_TOO_LARGE",
  });
});
