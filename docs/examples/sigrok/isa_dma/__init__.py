##
## This file is part of the isadma project.
##
## Copyright (C) 2026 the isadma authors
##
## This program is free software; you can redistribute it and/or modify
## it under the terms of the GNU General Public License as published by
## the Free Software Foundation; either version 3 of the License, or
## (at your option) any later version.
##
## This program is distributed in the hope that it will be useful,
## but WITHOUT ANY WARRANTY; without even the implied warranty of
## MERCHANTABILITY or FITNESS FOR A PARTICULAR PURPOSE.  See the
## GNU General Public License for more details.
##
## You should have received a copy of the GNU General Public License
## along with this program; if not, see <http://www.gnu.org/licenses/>.
##

"""ISA DMA on a PC's slot: requests, services, transfers with address and data, refreshes and terminal counts.

DACK lines are low when active. Address and data are those of the last sample of a strobe.
"""

from .pd import Decoder

__all__ = ["Decoder"]
