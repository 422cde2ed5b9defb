// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {IERC20Metadata} from "@openzeppelin/contracts/token/ERC20/extensions/IERC20Metadata.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";
import {L2Bridge} from "./L2Bridge.sol";
import {Messenger} from "./Messenger.sol";
import {INoemaHead} from "./interfaces/INoemaHead.sol";
import {INoemaPortal} from "./interfaces/INoemaPortal.sol";
import {Aliases} from "./lib/Aliases.sol";
import {StateProof} from "./lib/StateProof.sol";

/// Locks what goes to the L2 and pays what comes back. Nobody owns it; a guardian may hold claims up for a while, and no longer.
contract NoemaPortal is INoemaPortal, ReentrancyGuardTransient {
    using SafeERC20 for IERC20;

    uint64 public constant LEAST_GAS = 21_000;
    uint64 public constant MOST_GAS = 1_000_000;
    /// With the other fields a deposit fits into 1,024 bytes of a consensus block (docs/protocol/encoding.md 4).
    uint256 public constant MOST_DATA = 900;
    /// Seconds.
    uint256 public constant PAUSE = 7 days;

    /// Of names and symbols: with them the call has at most 388 bytes.
    uint256 private constant MOST_TEXT = 64;

    INoemaHead public immutable head;
    address public immutable l2Bridge;
    Messenger public immutable messenger;
    /// May be nobody.
    address public immutable guardian;
    /// Seconds from a proof to its payment.
    uint256 public immutable delay;
    /// Seconds without a header after which `escape` pays.
    uint256 public immutable escapeAfter;
    /// Wei for a unit of the L2's gas, which nobody pays there.
    uint256 public immutable gasPrice;

    /// Of all deposits, in order: a follower that was shown another list sees it.
    bytes32 public depositsHash;
    uint64 public depositCount;
    uint256 public pausedUntil;
    mapping(bytes32 hash => uint256 time) public provenAt;
    mapping(bytes32 hash => bool) public paid;
    /// Zero: ether.
    mapping(address token => uint256) public locked;

    constructor(INoemaHead head_, address l2Bridge_, address guardian_, uint256 delay_, uint256 escapeAfter_, uint256 gasPrice_) {
        (head, l2Bridge, guardian, delay, escapeAfter, gasPrice) = (head_, l2Bridge_, guardian_, delay_, escapeAfter_, gasPrice_);
        messenger = new Messenger();
    }

    function deposit(address to, uint64 gasLimit, bytes calldata data) external payable nonReentrant {
        enqueue(Aliases.senderOf(msg.sender), to, gasLimit, data);
    }

    function depositToken(address token, address to, uint256 amount) external payable nonReentrant {
        if (to == address(0)) revert NoRecipient();
        if (msg.value != MOST_GAS * gasPrice) revert DepositFee(msg.value, MOST_GAS * gasPrice); // more would be nobody's
        uint256 before = IERC20(token).balanceOf(address(this));
        IERC20(token).safeTransferFrom(msg.sender, address(this), amount);
        uint256 received = IERC20(token).balanceOf(address(this)) - before; // less where the token takes a fee
        locked[token] += received;
        string memory name = text(token, IERC20Metadata.name.selector);
        string memory symbol = text(token, IERC20Metadata.symbol.selector);
        bytes memory data = abi.encodeCall(L2Bridge.finalizeDeposit, (token, to, received, name, symbol, decimals(token)));
        enqueue(Aliases.aliasOf(address(this)), l2Bridge, MOST_GAS, data); // the first makes the twin
    }

    function prove(
        Withdrawal calldata withdrawal,
        uint64 height,
        bytes[] calldata accountProof,
        bytes[] calldata storageProof
    ) external {
        bytes32 hash = hashOf(withdrawal);
        bytes32 root = head.stateRootOf(height);
        if (root == 0) revert RootUnknown(height);
        bytes32 key = keccak256(abi.encode(hash, uint256(0))); // L2Bridge.sent
        if (StateProof.slot(root, l2Bridge, key, accountProof, storageProof) != 1) revert NotSent(hash);
        if (provenAt[hash] == 0) provenAt[hash] = block.timestamp;
        emit WithdrawalProven(hash);
    }

    function claim(Withdrawal calldata withdrawal) external nonReentrant {
        if (block.timestamp < pausedUntil) revert IsPaused(pausedUntil);
        uint256 from = proofOf(withdrawal) + delay;
        if (block.timestamp < from) revert TooEarly(from);
        pay(withdrawal);
    }

    function escape(Withdrawal calldata withdrawal) external nonReentrant {
        uint256 from = head.updatedAt() + escapeAfter;
        if (block.timestamp < from) revert NotStale(from);
        proofOf(withdrawal);
        pay(withdrawal);
    }

    function pause() external {
        if (msg.sender != guardian) revert NotGuardian();
        if (block.timestamp < pausedUntil + PAUSE && pausedUntil != 0) revert TooEarly(pausedUntil + PAUSE);
        pausedUntil = block.timestamp + PAUSE;
        emit Paused(pausedUntil);
    }

    function hashOf(Withdrawal calldata withdrawal) public pure returns (bytes32) {
        return keccak256(abi.encode(withdrawal));
    }

    function enqueue(address from, address to, uint64 gasLimit, bytes memory data) private {
        if (gasLimit < LEAST_GAS + 40 * data.length || gasLimit > MOST_GAS) revert DepositGas(gasLimit); // EIP-7623's floor
        if (data.length > MOST_DATA) revert DepositData(data.length);
        uint256 fee = gasLimit * gasPrice;
        if (msg.value < fee) revert DepositFee(msg.value, fee);
        uint256 mint = msg.value - fee;
        locked[address(0)] += mint;
        depositsHash = keccak256(abi.encode(depositsHash, from, to, mint, gasLimit, keccak256(data)));
        emit Deposited(depositCount++, from, to, mint, gasLimit, data);
    }

    function proofOf(Withdrawal calldata withdrawal) private view returns (uint256 time) {
        bytes32 hash = hashOf(withdrawal);
        time = provenAt[hash];
        if (time == 0) revert NotProven(hash);
        if (paid[hash]) revert PaidAlready(hash);
    }

    function pay(Withdrawal calldata withdrawal) private {
        bytes32 hash = hashOf(withdrawal);
        paid[hash] = true;
        address token = withdrawal.token;
        if (withdrawal.amount > locked[token]) revert LockedTooLittle(withdrawal.amount, locked[token]);
        locked[token] -= withdrawal.amount;
        uint256 value = token == address(0) ? withdrawal.amount : 0;
        if (token != address(0)) IERC20(token).safeTransfer(withdrawal.target, withdrawal.amount);
        if (value > 0 || withdrawal.data.length > 0) {
            (bool ok, bytes memory answer) = messenger.relay{value: value}(withdrawal.sender, withdrawal.target, withdrawal.data);
            if (!ok) revert CallFailed(answer);
        }
        emit WithdrawalPaid(hash);
    }

    /// A name or symbol, cut; empty where the token has none that is text.
    function text(address token, bytes4 selector) private view returns (string memory) {
        (bool ok, bytes memory answer) = token.staticcall{gas: 50_000}(abi.encodePacked(selector));
        if (!ok || answer.length < 96 || answer.length > 1024) return "";
        uint256 length;
        assembly ("memory-safe") {
            length := mload(add(answer, 0x40))
        }
        if (length > answer.length - 64) return "";
        if (length > MOST_TEXT) length = MOST_TEXT;
        bytes memory out = new bytes(length);
        assembly ("memory-safe") {
            mcopy(add(out, 0x20), add(answer, 0x60), length)
        }
        return string(out);
    }

    function decimals(address token) private view returns (uint8) {
        (bool known, uint8 value) = SafeERC20.tryGetDecimals(IERC20(token));
        return known ? value : 0;
    }
}
