// The calls of the library: what Python sees of a machine.
#pragma once

extern "C" {

Machine *isadma_open(isadma_callback callback, uint8_t *memory, uint64_t size, isadma_guard *guard) {
    return new Machine(callback, memory, size, guard);
}

void isadma_close(Machine *machine) { delete machine; }

isadma_state *isadma_state_of(Machine *machine) { return &machine->state; }

// Makes the calling thread the one that may call.
void isadma_adopt(Machine *machine) { machine->state.owner = Machine::caller(); }

// Clocks up to `end`, a slice of them at most, by who has not taken the turn: as far as no device is asked.
int32_t isadma_run(Machine *machine, uint64_t end) {
    return machine && machine->welcome() ? machine->run(end) : ISADMA_REFUSED;
}

// The same with the turn taken.
int32_t isadma_run_on(Machine *machine, uint64_t end) { return machine->run(end); }

// One clock, with the turn taken.
void isadma_step(Machine *machine) {
    machine->cut = false;
    machine->step();
}

// A port access by who has not taken the turn: whole where no device takes part in it.
int32_t isadma_access(Machine *machine, uint32_t port, int32_t value, uint32_t kind) {
    if (!machine || !machine->welcome())
        return -1 - ISADMA_REFUSED;
    machine->give_up = machine->state.clocks + machine->state.bus_timeout;
    return machine->access(port, value, kind);
}

// A new access with the turn taken: a device takes part in it.
int32_t isadma_access_first(Machine *machine, uint32_t port, int32_t value, uint32_t kind) {
    machine->give_up = machine->state.clocks + machine->state.bus_timeout;
    return machine->access(port, value, kind);
}

// The same access again, with the turn taken.
int32_t isadma_access_on(Machine *machine, uint32_t port, int32_t value, uint32_t kind) {
    return machine->access(port, value, kind);
}

// The rest of an access that was cut short in the middle, with the turn taken.
int32_t isadma_finish(Machine *machine) {
    machine->finish();
    return machine->read_value();
}

// The chips; without a machine, which is closed then, they do nothing.
// Drives a request line of the 8259As; returns whether INT is high.
uint32_t isadma_set_irq(Machine *machine, int32_t irq, int32_t high) {
    if (!machine)
        return 0;
    machine->chipset.set_irq(irq, high);
    return machine->state.chips.pics[0].int_out;
}

uint32_t isadma_inta(Machine *machine) { return machine ? machine->chipset.acknowledge() : 0; }

uint32_t isadma_chip_read(Machine *machine, uint32_t kind, uint32_t port) {
    return machine ? machine->chipset.read(kind, port) : FLOATING;
}

void isadma_chip_write(Machine *machine, uint32_t kind, uint32_t port, uint32_t value) {
    if (machine)
        machine->chipset.write(kind, port, value);
}

// What the timer does by itself, where it is due; and when it is due next, after a counter was loaded from outside.
void isadma_tick(Machine *machine) { machine->chipset.update(false); }

void isadma_order(Machine *machine) {
    if (machine)
        machine->chipset.order();
}

uint32_t isadma_out(Machine *machine, uint32_t number) { return machine && machine->chipset.out(number); }

uint64_t isadma_rises(Machine *machine, uint32_t number) { return machine ? machine->chipset.rises(number) : 0; }

void isadma_gate2(Machine *machine, uint32_t level) {
    if (machine)
        machine->chipset.counter(2).set_gate(level, machine->chipset.now());
}

// Waveforms are written from the next clock on, or no more.
void isadma_dump_to(Machine *machine, isadma_dump *dump) { machine->dump = dump; }

// A clock, and a jump, that Python made.
void isadma_show(Machine *machine, uint64_t in, uint64_t out) { machine->show_clock(in, out); }

void isadma_show_idle(Machine *machine, uint64_t until) {
    Dump{*machine->dump, machine->state.chips}.idle(machine->state.clocks, until);
}

// Rows of pins are kept from the next clock on, or no more; a clock, or a jump's begin, that Python made.
void isadma_record(Machine *machine, uint32_t on) { machine->recording.begin(on); }

void isadma_note(Machine *machine, uint64_t in, uint64_t out) { machine->note(in, out); }

// The rows that wait, `noted` of them, are packed to 32 bytes each or less, and wait no more; `clock` is the row's before
// them, and becomes the last one's. Returns the planes that are there.
uint32_t isadma_rows_packed(Machine *machine, uint64_t *clock, uint8_t *to) {
    const uint64_t before = *clock;
    *clock = machine->recording.last.clock;
    machine->state.noted = 0;
    return machine->recording.pack(before, to);
}

uint64_t isadma_drive(Machine *machine, uint64_t in) { return machine->drive(in); }

void isadma_edge(Machine *machine, uint64_t in) { machine->edge(in); }

// What the board remembers between two clocks: its registers and memories, byte by byte as this build has them.
uint64_t isadma_board_id() { return BOARD_ID; }

uint64_t isadma_board_size() { return BOARD_SIZE; }

void isadma_board_save(const Machine *machine, uint8_t *to) { save_board(machine->board, to); }

void isadma_board_load(Machine *machine, const uint8_t *from) {
    load_board(machine->board, from);
    machine->driven = ~uint64_t(0);
}

uint64_t isadma_probes(Machine *machine) { return machine->board.p_probes.get<uint64_t>(); }

uint32_t isadma_register(Machine *machine, int32_t chip, int32_t word) {
    return register_of(machine->board, chip, word);
}

}
