// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Memo} from "./Memo.sol";
import {Spam} from "./bound/Spam.sol";

/// An ERC-20 whose transfers may carry a memo, and do not where a model on chain calls it spam.
contract GatedToken {
    error MemoIsSpam(int256 ham, int256 spam);
    error BalanceTooLow(uint256 has, uint256 asked);
    error AllowanceTooLow(uint256 has, uint256 asked);

    event Transfer(address indexed from, address indexed to, uint256 value);
    event Approval(address indexed owner, address indexed spender, uint256 value);
    event Memorandum(address indexed from, address indexed to, string memo);

    string public constant name = "Gated";
    string public constant symbol = "GATE";
    uint8 public constant decimals = 18;
    uint256 public immutable totalSupply;
    mapping(address owner => uint256) public balanceOf;
    mapping(address owner => mapping(address spender => uint256)) public allowance;

    constructor(uint256 supply) {
        totalSupply = balanceOf[msg.sender] = supply;
        emit Transfer(address(0), msg.sender, supply);
    }

    function transferWithMemo(address to, uint256 value, string calldata memo) external returns (bool) {
        Spam.Result memory result = Spam.infer(Spam.fromBytes(Memo.words(memo)));
        if (Spam.label(result) == Spam.Label.Spam) revert MemoIsSpam(Spam.valueAt(result, 0), Spam.valueAt(result, 1));
        emit Memorandum(msg.sender, to, memo);
        return _transfer(msg.sender, to, value);
    }

    function transfer(address to, uint256 value) external returns (bool) {
        return _transfer(msg.sender, to, value);
    }

    function transferFrom(address from, address to, uint256 value) external returns (bool) {
        uint256 allowed = allowance[from][msg.sender];
        if (allowed < value) revert AllowanceTooLow(allowed, value);
        if (allowed != type(uint256).max) allowance[from][msg.sender] = allowed - value;
        return _transfer(from, to, value);
    }

    function approve(address spender, uint256 value) external returns (bool) {
        allowance[msg.sender][spender] = value;
        emit Approval(msg.sender, spender, value);
        return true;
    }

    /// What the model is given of a memo.
    function words(string calldata memo) external pure returns (bytes memory) {
        return Memo.words(memo);
    }

    function _transfer(address from, address to, uint256 value) private returns (bool) {
        uint256 balance = balanceOf[from];
        if (balance < value) revert BalanceTooLow(balance, value);
        unchecked {
            balanceOf[from] = balance - value;
            balanceOf[to] += value; // all balances together are the supply
        }
        emit Transfer(from, to, value);
        return true;
    }
}
