/** The models that come with this package, beside its sources. */
import { fileURLToPath } from "node:url";

/** For `modelFolder`; files of genesis.json are copied from here by whoever writes one. */
export const BUNDLED_MODELS_FOLDER = fileURLToPath(new URL("../models/", import.meta.url));
export const DIGIT_MODEL = "digits.nmodel";
/** IInference.sol, which contracts that call models import. */
export const SOLIDITY_LIBRARY = fileURLToPath(new URL("../contracts/IInference.sol", import.meta.url));
