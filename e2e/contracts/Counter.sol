// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

/// Storage, events and every way to fail, for tests.
contract Counter {
    error TooHigh(uint256 value, uint256 limit);

    event Changed(address indexed by, uint256 indexed value, string note);

    uint256 public constant LIMIT = 1000;
    uint256 public value;

    function increment() external returns (uint256) {
        return _set(value + 1, "increment");
    }

    function set(uint256 next) external payable returns (uint256) {
        if (next > LIMIT) revert TooHigh(next, LIMIT);
        return _set(next, "set");
    }

    function failWithReason() external pure {
        require(false, "as asked");
    }

    function failWithPanic(uint256 divisor) external pure returns (uint256) {
        return 1 / divisor;
    }

    function burnGas() external {
        while (true) value++;
    }

    /// Calls itself and survives the failure: state and logs of the inner call are undone.
    function tryToSet(uint256 next) external returns (bool ok) {
        try this.set(next) {
            ok = true;
        } catch {
            emit Changed(msg.sender, value, "refused");
        }
    }

    function _set(uint256 next, string memory note) private returns (uint256) {
        value = next;
        emit Changed(msg.sender, next, note);
        return next;
    }
}
