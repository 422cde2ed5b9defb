// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Inference, ModelInfo} from "@noema/contracts/IInference.sol";

/// What somebody writes who tests a contract that calls a model.
contract Judge {
    using Inference for bytes32;

    bytes32 public immutable model;
    uint256 public last;

    constructor(bytes32 model_) {
        ModelInfo memory info = model_.modelInfo();
        require(info.inputBytes == 784 && info.outputBytes == 10, "no model of digits");
        model = model_;
    }

    function judge(bytes memory picture) external returns (uint256 digit) {
        bytes memory scores = model.infer(picture);
        for (uint256 i = 1; i < 10; i++) if (int8(uint8(scores[i])) > int8(uint8(scores[digit]))) digit = i;
        last = digit;
    }
}
