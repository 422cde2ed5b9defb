import { expect, it } from "vitest";
import { createBackend } from "./create-backend.ts";

it("gives the back end that exists, and says what there is instead of another", () => {
  expect(createBackend("wasm").name).toBe("wasm");
  for (const name of ["webgpu", "remote", "toString", ""])
    expect(() => createBackend(name)).toThrowError(
      expect.objectContaining({ code: "BACKEND_UNAVAILABLE", message: expect.stringContaining("wasm") }),
    );
});
