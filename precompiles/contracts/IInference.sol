// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

/// The model refused: unknown or not active, an input of the wrong length, too little gas, or the transaction's cap reached.
error InferenceFailed();

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
    /// A refusal consumes the gas that was forwarded; 1/64 stays with the caller.
    function infer(bytes32 modelId, bytes memory input) internal view returns (bytes memory) {
        (bool ok, bytes memory output) = INFER.staticcall(bytes.concat(modelId, input));
        // Where there is no such precompile a call succeeds and returns nothing.
        if (!ok || output.length == 0) revert InferenceFailed();
        return output;
    }

    function modelInfo(bytes32 modelId) internal view returns (ModelInfo memory) {
        (bool ok, bytes memory output) = MODEL_INFO.staticcall{gas: 1000}(bytes.concat(modelId));
        if (!ok || output.length != 288) revert InferenceFailed();
        return abi.decode(output, (ModelInfo));
    }
}
