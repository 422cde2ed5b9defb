/** The models that come with this package, beside its sources. */
import { fileURLToPath } from "node:url";

/** For `modelFolder`; files of genesis.json are copied from here by whoever writes one. */
export const BUNDLED_MODELS_FOLDER = fileURLToPath(new URL("../models/", import.meta.url));
export const DIGIT_MODEL = "digits.nmodel";
/** What contracts and clients that call models import. */
export const LIBRARIES_FOLDER = fileURLToPath(new URL("../contracts/", import.meta.url));
export const LIBRARIES = ["IInference.sol", "viem.mjs", "viem.d.mts"];
