import { expect, it } from "vitest";
import { installWebgpu } from "./install.ts";

it("says that npm failed", async () => {
  await expect(installWebgpu("false")).rejects.toMatchObject({ code: "GPU_INSTALL_FAILED" });
});
