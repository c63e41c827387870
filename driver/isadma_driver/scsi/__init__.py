"""The SCSI disk driver, for host adapters of the AHA-1542's kind."""

from isadma_driver.scsi.disk import ScsiDriver

__all__ = ["ScsiDriver"]
