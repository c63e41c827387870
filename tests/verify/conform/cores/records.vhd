-- The plain 8237A behind records and a package, with active high levels and an output that is no bit at all.
library ieee;
use ieee.std_logic_1164.all;
use ieee.numeric_std.all;

package isa_bus is
  type cpu_out is record
    hlda, ready : std_logic;
    select_n    : std_logic;
    wanted      : std_logic_vector(0 to 3); -- channel 0 first
  end record cpu_out;
  type bus_in is record
    ack                  : unsigned(3 downto 0);
    hold, enable, strobe : std_ulogic;
  end record;
end package isa_bus;

library ieee;
use ieee.std_logic_1164.all;
use ieee.numeric_std.all;
use work.isa_bus.all;

entity records is
  generic (
    CHANNELS : integer range 1 to 4 := 1;
    NAME     : string := "8237A"
  );
  port (
    clk, rst_n : in std_logic;
    cpu        : in work.isa_bus.cpu_out;
    says       : out bus_in;
    data       : inout std_logic_vector(7 downto 0);
    a          : inout std_logic_vector(3 downto 0);
    a_up       : out std_logic_vector(CHANNELS * 2 - 1 downto 4);
    rd_n, wr_n, done_n : inout std_logic;
    mrd_n, mwr_n : out std_logic;
    serving    : out integer range 0 to 4;
    scan       : in boolean := false
  );
end entity records;

architecture rtl of records is
  signal dack : std_logic_vector(3 downto 0);
  signal reset, hrq, aen, adstb : std_logic;
  signal dreq : std_logic_vector(3 downto 0);
begin
  reset <= not rst_n;
  dreq <= cpu.wanted(3) & cpu.wanted(2) & cpu.wanted(1) & cpu.wanted(0);
  says <= (ack => unsigned(not dack), hold => hrq, enable => aen, strobe => adstb);
  serving <= 4;
  chip : entity work.plain8237
    port map (
      clk => clk, reset => reset, csn => cpu.select_n, ready => cpu.ready, hlda => cpu.hlda, dreq => dreq,
      dack => dack, hrq => hrq, aen => aen, adstb => adstb, db => data, abusl => a, abush => a_up, iorn => rd_n,
      iown => wr_n, eopn => done_n, memrn => mrd_n, memwn => mwr_n
    );
end architecture rtl;
