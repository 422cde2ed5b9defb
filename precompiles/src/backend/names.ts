/** The inference back ends of this build, the default first: what options offer. A node with another name does not start (BACKEND_UNAVAILABLE). */
export const BACKENDS = ["wasm", "webgpu", "remote"] as const;

export type BackendName = (typeof BACKENDS)[number];
