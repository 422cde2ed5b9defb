// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {InferenceFailed} from "@noema/contracts/IInference.sol";
import {TwoReadings} from "@noema/contracts/examples/TwoReadings.sol";
import {InferenceShim, Recording} from "@noema/contracts/testing/InferenceShim.sol";
import {Judge} from "../contracts/Judge.sol";

/// digits.json: pictures of a three and of an eight.
contract JudgeTest {
    Recording private recording;

    function setUp() public {
        recording = InferenceShim.install("test/digits.json");
    }

    function test_model_is_known_and_answers() public {
        Judge judge = new Judge(recording.model);
        require(judge.judge(recording.inputs[0]) == 3, "the first picture is a three");
        require(judge.judge(recording.inputs[1]) == 8, "the second picture is an eight");
        require(judge.last() == 8, "the last is remembered");
    }

    function test_two_answers_in_one_transaction() public {
        TwoReadings readings = new TwoReadings();
        readings.compare(recording.model, recording.inputs[0], recording.inputs[1]);
        require(readings.largest() == 8, "the larger of three and eight");
    }

    function test_what_was_not_recorded_is_refused() public {
        Judge judge = new Judge(recording.model);
        bytes memory other = recording.inputs[0];
        other[0] ^= 0x01;
        try judge.judge(other) {
            revert("an answer to what was not recorded");
        } catch (bytes memory reason) {
            require(keccak256(reason) == keccak256(abi.encodeWithSelector(InferenceFailed.selector, uint8(1))), "another reason");
        }
    }
}
