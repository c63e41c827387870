-- The PC/AT's DMA in VHDL: isadma_at behind three-state lines, as they are on a mainboard.
--
--   isadma verilog --core at -o isadma_at.v --vhdl isadma_at_pkg.vhd
--
-- Analyse the package before this file. A simulator or synthesis tool that reads both languages binds the component to
-- the Verilog module isadma_at by its name; GHDL, which reads VHDL only, analyses both files and leaves it unbound.
library ieee;
use ieee.std_logic_1164.all;
use work.isadma_at_pkg.all;

entity at_socket is
  port (
    clk : in std_logic;
    reset : in std_logic;
    hrq : out std_logic;
    hlda : in std_logic;
    out1 : in std_logic;
    a : inout std_logic_vector(23 downto 0);
    sbhe_n : inout std_logic;
    d : inout std_logic_vector(15 downto 0);
    ior_n : inout std_logic;
    iow_n : inout std_logic;
    memr_n : inout std_logic;
    memw_n : inout std_logic;
    aen : out std_logic;
    drq : in std_logic_vector(7 downto 0);
    dack_n : out std_logic_vector(7 downto 0);
    tc : out std_logic;
    iochrdy : in std_logic;
    master_n : in std_logic;
    refresh_n : out std_logic
  );
end entity at_socket;

architecture wired of at_socket is
  signal a_o : std_logic_vector(23 downto 0);
  signal d_o : std_logic_vector(15 downto 0);
  signal a_oe, d_oe, sbhe_o, sbhe_oe, ior_o, ior_oe, iow_o, iow_oe, memr_o, memr_oe, memw_o, memw_oe : std_logic;
begin
  board : isadma_at
    port map (
      clk => clk, rst => '0', reset => reset,
      clk_fall => '1', clk_rise => '1',  -- one state of the 8237As per clock
      hrq => hrq, hlda => hlda, out1 => out1,
      isa_a_i => a, isa_a_o => a_o, isa_a_oe => a_oe,
      isa_sbhe_n_i => sbhe_n, isa_sbhe_n_o => sbhe_o, isa_sbhe_n_oe => sbhe_oe,
      isa_d_i => d, isa_d_o => d_o, isa_d_oe => d_oe,
      isa_ior_n_i => ior_n, isa_ior_n_o => ior_o, isa_ior_n_oe => ior_oe,
      isa_iow_n_i => iow_n, isa_iow_n_o => iow_o, isa_iow_n_oe => iow_oe,
      isa_memr_n_i => memr_n, isa_memr_n_o => memr_o, isa_memr_n_oe => memr_oe,
      isa_memw_n_i => memw_n, isa_memw_n_o => memw_o, isa_memw_n_oe => memw_oe,
      isa_aen => aen, isa_drq => drq, isa_dack_n => dack_n, isa_tc => tc,
      isa_iochrdy => iochrdy, isa_master_n => master_n, isa_refresh_n => refresh_n
    );

  a <= a_o when a_oe = '1' else (others => 'Z');
  sbhe_n <= sbhe_o when sbhe_oe = '1' else 'Z';
  d <= d_o when d_oe = '1' else (others => 'Z');
  ior_n <= ior_o when ior_oe = '1' else 'Z';
  iow_n <= iow_o when iow_oe = '1' else 'Z';
  memr_n <= memr_o when memr_oe = '1' else 'Z';
  memw_n <= memw_o when memw_oe = '1' else 'Z';
end architecture wired;
