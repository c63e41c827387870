"""What a device's refusal means, as an error."""

# Ref: SCSI-2, X3.131-1994, 8.2.14 (sense data, tables 69 to 71).

from __future__ import annotations

from isadma_driver.errors import ScsiError, ScsiWriteProtectedError, SenseError
from isadma_driver.scsi import codes
from isadma_driver.scsi.codes import HostStatus, Key, ScsiStatus
from isadma_driver.scsi.mailboxes import Outcome

_HOST_TEXT = {
    HostStatus.SELECTION_TIMEOUT: "no device answers",
    HostStatus.DATA_RUN: "the device moved another number of bytes than asked for",
    HostStatus.PHASE: "the device wanted data in the other direction",
}


def sense_of(outcome: Outcome) -> tuple[int, int]:
    """Return sense key and additional sense code; 0 and 0 when the device refused nothing."""
    if outcome.target != ScsiStatus.CHECK_CONDITION:
        return Key.NO_SENSE, 0
    return outcome.sense[codes.SENSE_KEY] & codes.KEY_MASK, outcome.sense[codes.SENSE_CODE]


def error_of(outcome: Outcome, what: str) -> ScsiError:
    """Return the error for a command that did not end well."""
    if outcome.host != HostStatus.GOOD:
        text = _HOST_TEXT.get(HostStatus(outcome.host) if outcome.host in list(HostStatus) else HostStatus.GOOD)
        return ScsiError(f"{what}: {text or 'the adapter gave it up'} (host status {outcome.host:02X}h)")
    if outcome.target != ScsiStatus.CHECK_CONDITION:
        return ScsiError(f"{what}: the device ended it with status {outcome.target:02X}h")
    key, code = sense_of(outcome)
    name = Key(key).name.lower().replace("_", " ") if key in list(Key) else f"sense key {key:X}h"
    text = codes.SENSE_TEXT.get(code, f"additional sense code {code:02X}h")
    message = f"{what}: {name}, {text}"
    if key == Key.DATA_PROTECT:
        return ScsiWriteProtectedError(f"{message}: take the protection off, or write elsewhere", key, code)
    return SenseError(message, key, code)
