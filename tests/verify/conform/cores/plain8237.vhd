-- An 8237A in VHDL, small and plain: a CLK pin whose edges it uses both, ports that go both ways, a generic for its fault.
-- Ref: Intel 8237A data sheet, order no. 231466-005, pages 2 to 11, figures 11 to 15.
library ieee;
use ieee.std_logic_1164.all;
use ieee.numeric_std.all;

entity plain8237 is
  generic (
    FAULT : natural := 0  -- 1: Clear Mask does nothing
  );
  port (
    clk, reset, csn, ready, hlda : in std_logic;
    dreq  : in std_logic_vector(3 downto 0);
    dack  : out std_logic_vector(3 downto 0);
    hrq, aen, adstb : out std_logic;
    db    : inout std_logic_vector(7 downto 0);
    abusl : inout std_logic_vector(3 downto 0);
    abush : out std_logic_vector(3 downto 0);
    iorn, iown, eopn : inout std_logic;
    memrn, memwn : out std_logic
  );
end plain8237;

architecture rtl of plain8237 is
  type state_t is (SI, ASK, S0, S1, S2, S3, SW, S4, CASCADE, LEAVE, S11, S12, S13, S14, S21, S22, S23, S24);
  type words_t is array (0 to 3) of unsigned(15 downto 0);
  type modes_t is array (0 to 3) of std_logic_vector(5 downto 0);
  signal state : state_t := SI;
  signal base_address, base_count, address, count : words_t := (others => (others => '0'));
  signal mode : modes_t := (others => (others => '0'));
  signal command, temporary, data, answer, written : std_logic_vector(7 downto 0) := (others => '0');
  signal mask, request, reached, acknowledged, asking, pending, port_no : std_logic_vector(3 downto 0) := "0000";
  signal high_byte, hrq_i, aen_i, granted, ends, carries, stop, still : std_logic := '0';
  signal drives, db_out, ior, iow, memr, memw, eop, reading, writing, cpu_reads : std_logic := '0';
  signal low : unsigned(7 downto 0) := (others => '0');
  signal channel, last : natural range 0 to 3 := 0;

  function choose(requests : std_logic_vector(3 downto 0); first : natural) return natural is
  begin
    for step in 0 to 3 loop
      if requests((first + step) mod 4) = '1' then
        return (first + step) mod 4;
      end if;
    end loop;
    return first mod 4;
  end function;

  function stepped(from : unsigned(15 downto 0); down : std_logic) return unsigned is
  begin
    if down = '1' then
      return from - 1;
    end if;
    return from + 1;
  end function;
begin
  asking <= not dreq when command(6) = '1' else dreq;
  pending <= (asking and not mask) or request;
  cpu_reads <= not csn and not to_x01(iorn) and not hlda and not aen_i;
  hrq <= hrq_i;
  aen <= aen_i;
  dack <= acknowledged when command(7) = '1' else not acknowledged;
  db <= answer when cpu_reads = '1' else data when db_out = '1' else (others => 'Z');
  abusl <= std_logic_vector(low(3 downto 0)) when drives = '1' else "ZZZZ";
  abush <= std_logic_vector(low(7 downto 4)) when drives = '1' else "ZZZZ";
  iorn <= not ior when drives = '1' else 'Z';
  iown <= not iow when drives = '1' else 'Z';
  memrn <= not memr when drives = '1' else 'Z';
  memwn <= not memw when drives = '1' else 'Z';
  eopn <= '0' when eop = '1' else 'Z';

  process (all)
    variable to_port : std_logic_vector(3 downto 0);
    variable word : unsigned(15 downto 0);
  begin
    to_port := to_x01(abusl);
    answer <= x"FF";
    if not is_x(to_port) then
      word := address(to_integer(unsigned(to_port(2 downto 1))));
      if to_port(0) = '1' then
        word := count(to_integer(unsigned(to_port(2 downto 1))));
      end if;
      if to_port(3) = '0' then
        answer <= std_logic_vector(word(7 downto 0));
        if high_byte = '1' then
          answer <= std_logic_vector(word(15 downto 8));
        end if;
      elsif to_port = x"8" then
        answer <= asking & reached;
      elsif to_port = x"D" then
        answer <= temporary;
      end if;
    end if;
  end process;

  process (clk)
    -- The end of a process: TC or EOP# from outside.
    procedure finish(one : natural) is
    begin
      reached(one) <= '1';
      request(one) <= '0';
      if mode(one)(2) = '1' then
        address(one) <= base_address(one);
        count(one) <= base_count(one);
      else
        mask(one) <= '1';
      end if;
    end procedure;

    procedure clear is
    begin
      command <= x"00"; temporary <= x"00"; request <= "0000"; reached <= "0000"; mask <= "1111"; high_byte <= '0';
    end procedure;

    procedure write(to_port : std_logic_vector(3 downto 0); value : std_logic_vector(7 downto 0)) is
      variable one : natural;
    begin
      if to_port(3) = '0' then
        one := to_integer(unsigned(to_port(2 downto 1)));
        high_byte <= not high_byte;
        if to_port(0) = '0' and high_byte = '0' then
          base_address(one)(7 downto 0) <= unsigned(value); address(one)(7 downto 0) <= unsigned(value);
        elsif to_port(0) = '0' then
          base_address(one)(15 downto 8) <= unsigned(value); address(one)(15 downto 8) <= unsigned(value);
        elsif high_byte = '0' then
          base_count(one)(7 downto 0) <= unsigned(value); count(one)(7 downto 0) <= unsigned(value);
        else
          base_count(one)(15 downto 8) <= unsigned(value); count(one)(15 downto 8) <= unsigned(value);
        end if;
      else
        one := to_integer(unsigned(value(1 downto 0)));
        case to_port is
          when x"8" => command <= value;
          when x"9" => request(one) <= value(2);
          when x"A" => mask(one) <= value(2);
          when x"B" => mode(one) <= value(7 downto 2);
          when x"C" => high_byte <= '0';
          when x"D" => clear;
          when x"E" => if FAULT /= 1 then mask <= "0000"; end if;
          when others => mask <= value(3 downto 0);
        end case;
      end if;
    end procedure;

    variable kind : std_logic_vector(1 downto 0);
    variable to_memory, from_memory, compressed, extended, is_last, waits, leaves, asked : std_logic;
  begin
    if reset = '1' then
      clear;
      state <= SI; last <= 3; channel <= 0; acknowledged <= "0000"; hrq_i <= '0'; aen_i <= '0'; adstb <= '0';
      drives <= '0'; db_out <= '0'; ior <= '0'; iow <= '0'; memr <= '0'; memw <= '0'; eop <= '0';
      granted <= '0'; ends <= '0'; carries <= '0'; stop <= '0'; still <= '0'; reading <= '0'; writing <= '0';
    else
      -- An access counts at the end of its strobe.
      reading <= cpu_reads;
      writing <= not csn and not to_x01(iown) and not hlda and not aen_i;
      port_no <= to_x01(abusl);
      written <= to_x01(db);
      if writing = '1' and to_x01(iown) = '1' then
        write(port_no, written);
      end if;
      if reading = '1' and to_x01(iorn) = '1' then
        if port_no(3) = '0' then high_byte <= not high_byte; end if;
        if port_no = x"8" then reached <= "0000"; end if;
      end if;

      kind := mode(channel)(5 downto 4);
      to_memory := '0'; from_memory := '0'; is_last := '0'; waits := '0';
      if mode(channel)(1 downto 0) = "01" then to_memory := '1'; end if;
      if mode(channel)(1 downto 0) = "10" then from_memory := '1'; end if;
      if count(channel) = 0 then is_last := '1'; end if;
      compressed := command(3) and not command(0);
      extended := command(5) or compressed;
      waits := not ready and (to_memory or from_memory);
      asked := asking(channel) or request(channel);
      leaves := is_last or stop;
      if kind = "01" or (kind = "00" and still = '0') then leaves := '1'; end if;

      if clk = '0' then
        -- CLK falls: the next state begins; DREQ, READY and EOP# are sampled; AEN rises, DACK moves.
        case state is
          when SI =>
            if hlda = '0' and command(2) = '0' and pending /= "0000" then
              channel <= choose(pending, 0);
              if command(4) = '1' then channel <= choose(pending, last + 1); end if;
              state <= ASK;
            end if;
          when ASK => state <= S0;
          when S0 =>
            if granted = '1' then
              ends <= '0'; stop <= '0';
              if command(0) = '1' and channel = 0 then
                state <= S11; aen_i <= '1';
              elsif kind = "11" then
                state <= CASCADE;
              else
                state <= S1; aen_i <= '1';
              end if;
            end if;
          when S1 => state <= S2; stop <= not to_x01(eopn); acknowledged(channel) <= '1';
          when S2 =>
            state <= S3;
            if compressed = '1' then
              state <= S4; still <= asked;
              if waits = '1' then state <= SW; end if;
            end if;
          when S3 | SW =>
            state <= S4; still <= asked;
            if waits = '1' then state <= SW; end if;
          when S4 =>
            if ends = '1' then
              state <= SI; acknowledged <= "0000"; last <= channel;
            elsif carries = '1' then
              state <= S1;
            else
              state <= S2; stop <= not to_x01(eopn);
            end if;
          when CASCADE =>
            if acknowledged = "0000" then acknowledged(channel) <= '1';
            elsif asked = '0' then state <= LEAVE;
            end if;
          when LEAVE => state <= SI; acknowledged <= "0000"; last <= channel;
          when S11 =>
            state <= S12;
            if to_x01(eopn) = '0' then finish(0); stop <= '1'; end if;
          when S12 => state <= S13;
          when S13 => if ready = '1' then state <= S14; end if;
          when S14 => state <= S21;
          when S21 =>
            state <= S22;
            if to_x01(eopn) = '0' then stop <= '1'; carries <= '1'; end if;
          when S22 => state <= S23;
          when S23 => if ready = '1' then state <= S24; end if;
          when S24 =>
            state <= S11;
            if ends = '1' then state <= SI; last <= 0; end if;
        end case;
      else
        -- CLK rises in the middle of a state: HRQ, ADSTB, addresses, data and strobes move; HLDA is sampled.
        case state is
          when SI => aen_i <= '0'; drives <= '0'; db_out <= '0'; granted <= '0';
          when ASK => aen_i <= '0'; drives <= '0'; db_out <= '0'; hrq_i <= '1';
          when S0 => granted <= hlda;
          when S1 =>
            adstb <= '1'; drives <= '1'; db_out <= '1';
            data <= std_logic_vector(address(channel)(15 downto 8)); low <= address(channel)(7 downto 0);
          when S2 =>
            adstb <= '0'; db_out <= '0'; low <= address(channel)(7 downto 0);
            ior <= to_memory; memr <= from_memory; memw <= to_memory and extended; iow <= from_memory and extended;
            eop <= compressed and is_last;
          when S3 => memw <= to_memory; iow <= from_memory; eop <= is_last;
          when S4 =>
            ior <= '0'; iow <= '0'; memr <= '0'; memw <= '0'; eop <= '0';
            count(channel) <= count(channel) - 1;
            address(channel) <= stepped(address(channel), mode(channel)(3));
            carries <= '0';
            if stepped(address(channel), mode(channel)(3))(15 downto 8) /= address(channel)(15 downto 8) then
              carries <= '1';
            end if;
            ends <= leaves;
            if is_last = '1' or stop = '1' then finish(channel); end if;
            if leaves = '1' then hrq_i <= '0'; end if;
          when LEAVE => hrq_i <= '0';
          when S11 =>
            adstb <= '1'; drives <= '1'; db_out <= '1'; carries <= '0';
            data <= std_logic_vector(address(0)(15 downto 8)); low <= address(0)(7 downto 0);
          when S12 => adstb <= '0'; db_out <= '0'; memr <= '1';
          when S14 =>
            memr <= '0'; temporary <= to_x01(db);
            if stop = '0' or mode(0)(2) = '0' then
              count(0) <= count(0) - 1;
              if command(1) = '0' then address(0) <= stepped(address(0), mode(0)(3)); end if;
              if count(0) = 0 and mode(0)(2) = '1' then
                count(0) <= base_count(0); address(0) <= base_address(0);
              end if;
            end if;
          when S21 =>
            adstb <= '1'; db_out <= '1';
            data <= std_logic_vector(address(1)(15 downto 8)); low <= address(1)(7 downto 0);
          when S22 => adstb <= '0'; data <= temporary; memw <= command(5);
          when S23 =>
            memw <= '1';
            if count(1) = 0 then eop <= '1'; end if;
          when S24 =>
            memw <= '0'; eop <= '0'; ends <= stop;
            count(1) <= count(1) - 1;
            address(1) <= stepped(address(1), mode(1)(3));
            if count(1) = 0 or stop = '1' then ends <= '1'; hrq_i <= '0'; request(0) <= '0'; end if;
            if count(1) = 0 or carries = '1' then finish(1); end if;
          when others => null;
        end case;
      end if;
    end if;
  end process;
end rtl;
