"""What can go wrong with DMA, by type; every message names the value and the way out."""


class DmaError(Exception):
    """Anything the DMA software refuses or gives up on."""


class ChannelBusyError(DmaError):
    """The channel belongs to someone else, who is named."""


class NotOwnerError(DmaError):
    """A channel was programmed or freed by someone who does not hold it."""


class LockNotHeldError(DmaError):
    """A register behind the shared flip-flop was to be touched without the DMA lock."""


class BoundaryError(DmaError):
    """The range crosses an address the controller cannot count past: 64K or 128K."""


class AddressLimitError(DmaError):
    """The range lies above what the page register reaches (16 MB, 1 MB on a PC/XT), or above the memory installed."""


class AlignmentError(DmaError):
    """An odd address or an odd length on a 16-bit channel."""


class LengthError(DmaError):
    """No bytes at all, or more than the count register holds."""


class DmaTimeoutError(DmaError, TimeoutError):
    """A transfer or a device did not finish within its time."""


class CancelledError(DmaError):
    """The transfer was cancelled before its terminal count."""


class OutOfMemoryError(DmaError):
    """No pages left that fit the request."""


class ModemError(DmaError):
    """No serial port answers, or it was closed."""


class FastDiskError(DmaError):
    """The fast disk refused a command or did not end it."""


class DataLostError(FastDiskError):
    """The disk did not wait: some of the data never arrived."""


class SoundError(DmaError):
    """No sound card answers, or it did not do as it was told."""


class EthernetError(DmaError):
    """No network card answers, its jumper is set otherwise, or a frame could not be sent."""


class FloppyError(DmaError):
    """The floppy controller reported an error, or reported nothing."""


class WriteProtectedError(FloppyError):
    """The disk is write protected."""


class NoDiskError(FloppyError):
    """No disk in the drive, or no drive."""


class SectorError(FloppyError):
    """A sector could not be read or written, also after the last retry."""


class ScsiError(DmaError):
    """The SCSI adapter or a device on its bus reported an error, or reported nothing."""


class SenseError(ScsiError):
    """A SCSI device refused a command.

    Attributes
    ----------
    key, code : int
        Sense key, and additional sense code.
    """

    def __init__(self, message: str, key: int, code: int) -> None:
        super().__init__(message)
        self.key = key
        self.code = code


class ScsiWriteProtectedError(SenseError):
    """The SCSI disk is write protected."""
