// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Inference} from "../IInference.sol";

/// Two inferences in one transaction, each answer used by the next line: the larger of two drawn digits.
contract TwoReadings {
    using Inference for *;
    uint256 public largest;

    function compare(bytes32 model, bytes calldata one, bytes calldata other) external {
        uint256 first = model.infer(one).best();
        uint256 second = first == 9 ? 9 : model.infer(other).best();
        largest = first > second ? first : second;
    }
}
