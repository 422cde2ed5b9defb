// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

/// Stands in for the precompiles 0x0a00 and 0x0a01 where a simulator has none (`forge test`, Hardhat's own network): it answers
/// calls that were recorded with `noema model run --record`, and refuses others as the chain refuses an unknown model. Its code
/// goes to those addresses by `vm.etch` or `hardhat_setCode`. It spends other gas than the chain does.
contract RecordedInference {
    /// A call that begins with this word records: abi.encode(RECORD, call, output). No model has it for an id but by chance of 2^-256.
    bytes32 public constant RECORD = keccak256("noema.inference.record");

    mapping(bytes32 call => bytes output) private _outputs;

    fallback(bytes calldata call) external returns (bytes memory output) {
        if (call.length > 32 && bytes32(call) == RECORD) {
            (, bytes memory recorded, bytes memory answer) = abi.decode(call, (bytes32, bytes, bytes));
            _outputs[keccak256(recorded)] = answer;
            return "";
        }
        output = _outputs[keccak256(call)];
        if (output.length > 0) return output;
        assembly ("memory-safe") {
            mstore(0, 1)
            revert(0, 32)
        }
    }
}
