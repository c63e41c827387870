-- The bus side of a DMA controller in VHDL that can be synthesized: no registers, each grant is one cycle of IOR# and MEMW#.
library ieee;
use ieee.std_logic_1164.all;

entity Asker is
  generic (
    FAULT : natural := 0  -- 1: two DACKs at once; 2: AEN does not wait for HLDA
  );
  port (
    CLK, RESET, CSN, READY, HLDA : in std_logic;
    DREQ          : in std_logic_vector(3 downto 0);
    DACK          : out std_logic_vector(3 downto 0);
    HRQ, AEN, STB : out std_logic;
    DB            : inout std_logic_vector(7 downto 0);
    A             : inout std_logic_vector(7 downto 0);
    IORN, IOWN, EOPN : inout std_logic;
    MEMRN, MEMWN  : out std_logic
  );
end entity;

architecture rtl of Asker is
  type state_t is (IDLE, ASKS, LATCHES, READS, WRITES, LEAVES);
  signal state : state_t := IDLE;
  signal served : std_logic_vector(3 downto 0) := "0000";
begin
  process (CLK)
  begin
    if falling_edge(CLK) then
      case state is
        when IDLE =>
          if HLDA = '0' and DREQ /= "0000" then state <= ASKS; end if;
        when ASKS =>
          served <= "0001";
          if FAULT = 1 then served <= "0011"; end if;
          if HLDA = '1' or FAULT = 2 then state <= LATCHES; end if;
        when LATCHES => state <= READS;
        when READS => state <= WRITES;
        when WRITES => if READY = '1' then state <= LEAVES; end if;
        when LEAVES => state <= IDLE;
      end case;
      if RESET = '1' then state <= IDLE; end if;
    end if;
  end process;

  HRQ <= '0' when state = IDLE or state = LEAVES else '1';
  AEN <= '0' when state = IDLE or state = ASKS else '1';
  STB <= '1' when state = LATCHES else '0';
  DACK <= not served when state = READS or state = WRITES else "1111";
  DB <= x"12" when state = LATCHES else (others => 'Z');
  A <= x"34" when state /= IDLE and state /= ASKS else (others => 'Z');
  IORN <= 'Z' when state = IDLE or state = ASKS else '0' when state = READS or state = WRITES else '1';
  MEMWN <= 'Z' when state = IDLE or state = ASKS else '0' when state = WRITES else '1';
  IOWN <= 'Z' when state = IDLE or state = ASKS else '1';
  MEMRN <= 'Z' when state = IDLE or state = ASKS else '1';
  EOPN <= 'Z';
end architecture;
