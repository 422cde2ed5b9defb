import { expect, it } from "vitest";
import { createBackend } from "./create-backend.ts";
import { BACKENDS } from "./names.ts";

it("runs WASM on the thread that asks, whatever works beside it, and says what there is instead of another name", () => {
  for (const name of BACKENDS) expect(createBackend(name).name).toBe("wasm");
  for (const name of ["cuda", "toString", ""])
    expect(() => createBackend(name)).toThrowError(
      expect.objectContaining({ code: "BACKEND_UNAVAILABLE", message: expect.stringContaining("wasm, webgpu, remote") }),
    );
});
