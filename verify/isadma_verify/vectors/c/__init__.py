"""The shim's header, and what runs vectors through one; C."""
