"""The EtherLink (3C501) driver."""

from isadma_driver.ethernet.driver import EtherLinkDriver

__all__ = ["EtherLinkDriver"]
