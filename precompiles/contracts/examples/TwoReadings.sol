// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Inference} from "../IInference.sol";

/// Two inferences in one transaction, each answer used by the next line: the larger of two drawn digits.
contract TwoReadings {
    using Inference for bytes32;

    uint256 public largest;

    function compare(bytes32 model, bytes calldata one, bytes calldata other) external {
        uint256 first = _best(model.infer(one));
        uint256 second = first == 9 ? 9 : _best(model.infer(other));
        largest = first > second ? first : second;
    }

    function _best(bytes memory scores) private pure returns (uint256 digit) {
        for (uint256 i = 1; i < 10; i++) if (int8(uint8(scores[i])) > int8(uint8(scores[digit]))) digit = i;
    }
}
