// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

/// Why there is no answer: 1 the model is unknown, 2 it is not active yet, 3 the input has the wrong length, 4 too little gas,
/// 5 the cap of a transaction is reached, 6 this chain has no such precompile, 0 the gas did not even pay for a refusal.
error InferenceFailed(uint8 reason);

struct ModelInfo {
    /// 1 registered, 2 active.
    uint256 status;
    uint256 activationBlock;
    /// Multiply-accumulates of one inference.
    uint256 macs;
    /// Compute units of one inference; INFER costs 3,000 + 3 a word of input and output + units / 64 (rounded up).
    uint256 units;
    uint256 inputBytes;
    uint256 outputBytes;
    /// The first use in a transaction costs 2,600 + weightBytes / 32 more.
    uint256 weightBytes;
    address owner;
    uint256 royalty;
}

/// Neural networks as functions: the same bytes on every validator. `using Inference for bytes32;`
library Inference {
    address internal constant MODEL_INFO = address(0x0a00);
    address internal constant INFER = address(0x0a01);

    /// Runs a model. Input and output are int8 row-major, or int32 big endian where the model declares so.
    /// A refusal costs 3,000 gas and 3 a word of the call; the rest comes back, so it can be caught: see `tryInfer`.
    function infer(bytes32 modelId, bytes memory input) internal view returns (bytes memory output) {
        uint8 reason;
        (reason, output) = tryInfer(modelId, input);
        if (output.length == 0) revert InferenceFailed(reason);
    }

    /// The same without reverting: the output, or nothing and the reason.
    function tryInfer(bytes32 modelId, bytes memory input) internal view returns (uint8 reason, bytes memory output) {
        bool ok;
        (ok, output) = INFER.staticcall(bytes.concat(modelId, input));
        if (!ok || output.length == 0) return (_reason(ok, output), "");
    }

    /// Where the largest of int8 scores stands; the lowest of equals.
    function best(bytes memory scores) internal pure returns (uint256 index) {
        for (uint256 i = 1; i < scores.length; i++) if (int8(uint8(scores[i])) > int8(uint8(scores[index]))) index = i;
    }

    function modelInfo(bytes32 modelId) internal view returns (ModelInfo memory) {
        (bool ok, bytes memory output) = MODEL_INFO.staticcall(bytes.concat(modelId));
        if (!ok || output.length != 288) revert InferenceFailed(_reason(ok, output));
        return abi.decode(output, (ModelInfo));
    }

    /// Where there is no such precompile a call succeeds and returns nothing.
    function _reason(bool ok, bytes memory output) private pure returns (uint8) {
        if (ok) return 6;
        return output.length == 32 ? uint8(uint256(bytes32(output))) : 0;
    }
}
