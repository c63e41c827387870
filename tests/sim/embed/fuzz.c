/* Calls of the C library at random, with wrong arguments among them, for the sanitizers: fuzz SEED ROUNDS. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "isadma.h"

enum { MACHINES = 2, BLOCKS = 256 };

static uint64_t dice;
static isadma_machine *machines[MACHINES];
static uint8_t *memories[MACHINES];
static uint8_t *kept[BLOCKS];
static int kept_count;
static uint8_t saved[ISADMA_STATE_SIZE];
static int have_saved;
static unsigned long calls_by_code[16];
static unsigned long called_back;

static uint32_t roll(uint32_t sides)
{
    dice ^= dice << 13;
    dice ^= dice >> 7;
    dice ^= dice << 17;
    return (uint32_t)(dice >> 32) % sides;
}

/* A number: mostly a small one, sometimes an impossible one. */
static uint64_t number(uint32_t usual)
{
    static const uint64_t odd[] = {0, 1, 4, 7, 8, 255, 256, 0xFFFF, 0x10000, 1u << 24, 1u << 31, 0xFFFFFFFF, UINT64_C(1) << 48,
                                   UINT64_C(1) << 62, UINT64_C(1) << 63, UINT64_MAX};
    return roll(8) ? roll(usual) : odd[roll(sizeof odd / sizeof *odd)];
}

static int32_t told(int32_t code)
{
    if (code > 0 || code < -14 || !isadma_error_text(code)) {
        fprintf(stderr, "fuzz: code %d\n", code);
        abort();
    }
    calls_by_code[-code]++;
    return code;
}

static void some_call(int depth);

static isadma_machine **inside; /* whose callback it is */

static void from_a_callback(void *host)
{
    isadma_machine **before = inside;
    inside = host;
    called_back++;
    if (!roll(3))
        some_call(1);
    if (!roll(50) && told(isadma_destroy(*inside)) == ISADMA_OK)
        abort();
    inside = before;
}

static void on_dack(void *host, int channel, int active) { (void)channel, (void)active; from_a_callback(host); }
static void on_tc(void *host, int channel) { told(isadma_set_dreq(*(isadma_machine **)host, channel, 0)); from_a_callback(host); }
static uint16_t on_read(void *host, int channel) { (void)channel; from_a_callback(host); return (uint16_t)roll(0x10000); }
static void on_write(void *host, int channel, uint16_t value) { (void)channel, (void)value; from_a_callback(host); }
static uint8_t on_in(void *host, uint16_t port) { from_a_callback(host); return (uint8_t)port; }
static void on_out(void *host, uint16_t port, uint8_t value) { (void)port, (void)value; from_a_callback(host); }
static void on_event(void *host, uint64_t clock) { (void)clock; from_a_callback(host); }
static void on_block(void *host, int channel, uint64_t moved, int tc) { (void)channel, (void)moved, (void)tc; from_a_callback(host); }
static void on_burst(void *host, int channel, uint64_t moved) { (void)channel, (void)moved; from_a_callback(host); }

static void make(int at)
{
    isadma_callbacks callbacks = {sizeof callbacks, &machines[at], on_dack, on_tc, on_read, on_write, on_in, on_out, on_event,
                                  on_block, on_burst};
    isadma_config config;
    told(isadma_default(&config, sizeof config));
    config.memory_size = 1 + roll(0x20000); /* to the byte: one beyond it is seen */
    config.bus_timeout = 1 + roll(5000);
    config.hlda_delay = 1 + roll(3);
    config.decode = roll(2) ? 10 : 16;
    config.skip_idle = roll(2);
    free(memories[at]);
    config.memory = memories[at] = calloc(1, config.memory_size);
    if (told(isadma_create(&config, roll(4) ? &callbacks : NULL, &machines[at])) != ISADMA_OK)
        abort();
}

static uint8_t *room(uint64_t length)
{
    uint8_t *data = length && length < 100000 ? malloc(length) : NULL;
    if (kept_count == BLOCKS) {
        free(data);
        return NULL;
    }
    if (data)
        kept[kept_count++] = memset(data, 0x5A, length);
    return data;
}

static void reseal(uint8_t *state)
{
    uint64_t sum = UINT64_C(0xCBF29CE484222325);
    for (size_t at = 0; at < ISADMA_STATE_SIZE - 8; at++)
        sum = (sum ^ state[at]) * UINT64_C(0x100000001B3);
    for (int byte = 0; byte < 8; byte++)
        state[ISADMA_STATE_SIZE - 8 + byte] = (uint8_t)(sum >> 8 * byte);
}

static void load_something(isadma_machine *machine)
{
    static uint8_t changed[ISADMA_STATE_SIZE];
    uint32_t what = 0;
    if (!have_saved)
        return;
    memcpy(changed, saved, sizeof changed);
    for (uint32_t left = roll(3) ? 0 : roll(30); left; left--)
        changed[24 + roll(sizeof changed - 32)] = (uint8_t)roll(256);
    if (roll(4))
        reseal(changed);
    told(isadma_load(machine, changed, roll(20) ? sizeof changed : roll(sizeof changed)));
    if (isadma_unresumed(machine, &what) != ISADMA_OK)
        return;
    for (int channel = 0; channel < 8; channel++)
        if (what >> channel & 1 && roll(2)) {
            uint64_t length = 1 + roll(50);
            uint8_t *data = room(length);
            while (data && told(isadma_resume_block(machine, channel, data, length)) == ISADMA_E_SIZE && length < 50) {
                data = room(++length);
            }
        }
    for (int channel = 0; channel < 8; channel++)
        told(isadma_stop_block(machine, channel, NULL));
    for (uint64_t length = 1; what >> 8 && length < 50 && kept_count < BLOCKS; length++)
        if (told(isadma_resume_burst(machine, room(length), length)) == ISADMA_OK)
            break;
}

static void program(isadma_machine *machine, int channel)
{
    uint32_t base = channel < 4 ? 2 * channel : 0xC0 + 4 * (channel - 4), step = channel < 4 ? 1 : 2;
    uint32_t mode = (const uint8_t[]){0x44, 0x48, 0x04, 0x88, 0x84, 0xC0, 0x54, 0x40}[roll(8)];
    told(isadma_outb(machine, channel < 4 ? 0x0B : 0xD6, mode | (channel & 3)));
    told(isadma_outb(machine, base, roll(256)));
    told(isadma_outb(machine, base, roll(256)));
    told(isadma_outb(machine, base + step, roll(40)));
    told(isadma_outb(machine, base + step, 0));
    told(isadma_outb(machine, channel < 4 ? 0x0A : 0xD4, channel & 3));
    told(isadma_set_dreq(machine, channel, roll(2)));
}

static void some_call(int depth)
{
    int at = roll(MACHINES);
    isadma_machine *machine = roll(40) ? machines[at] : NULL;
    int32_t channel = roll(12) ? (int32_t)roll(8) : (int32_t)number(8);
    uint64_t length = number(50), a, b;
    isadma_stats stats;
    uint8_t byte;
    uint16_t word;
    uint32_t what;
    int32_t level;
    switch (roll(26)) {
    case 0: told(isadma_outb(machine, (uint32_t)number(0x400), (uint32_t)number(256))); break;
    case 1: told(isadma_inb(machine, (uint32_t)number(0x400), roll(9) ? &byte : NULL)); break;
    case 2: told(isadma_outw(machine, (uint32_t)number(0x400), (uint32_t)number(0x10000))); break;
    case 3: told(isadma_inw(machine, (uint32_t)number(0x400), &word)); break;
    case 4: case 5: told(isadma_run(machine, roll(30) ? roll(400) : ISADMA_CLOCKS_MOST + 1 + number(9), &a)); break;
    case 6: told(isadma_run_until(machine, roll(600), (uint32_t)number(300), &a, &what)); break;
    case 7: told(isadma_set_dreq(machine, channel, (int32_t)number(2))); break;
    case 8: told(isadma_set_event(machine, number(5000))); break;
    case 9: told(isadma_stop(machine)); break;
    case 10: told(isadma_claim(machine, (uint32_t)number(0x400), (uint32_t)number(9), (int32_t)number(3))); break;
    case 11: told(isadma_set_out1(machine, (int32_t)number(2))); break;
    case 12: case 13: told(isadma_start_block(machine, channel, room(length), length, (int32_t)roll(2))); break;
    case 14: told(isadma_stop_block(machine, channel, &a)); break;
    case 15: told(isadma_start_burst(machine, channel, (uint32_t)number(0x20000), room(length), length, (int32_t)roll(2),
                                     2 + (uint32_t)number(5), 1 + roll(2))); break;
    case 16: told(isadma_rom(machine, number(0x20000), number(100))); break;
    case 17: told(isadma_watch(machine, (int32_t)number(2))); break;
    case 18: while (told(isadma_written(machine, &a, &b)) == ISADMA_OK && b) { } break;
    case 19: told(isadma_read_stats(machine, &stats, roll(9) ? sizeof stats : number(200))); break;
    case 20: if (told(isadma_save(machine, saved, sizeof saved)) == ISADMA_OK) have_saved = 1; break;
    case 21: if (!depth) load_something(machine); break;
    case 22: told(isadma_dreq(machine, channel, &level)); told(isadma_clocks(machine, &a)); break;
    case 23: if (!roll(5)) told(isadma_reset(machine)); break;
    case 24: told(isadma_resume_block(machine, channel, &byte, 1 << 20)); told(isadma_unresumed(machine, &what)); break;
    case 25:
        if (machine && roll(2)) {
            program(machine, (int)roll(8));
        } else if (!depth && !roll(6)) {
            told(isadma_destroy(machines[at]));
            make(at);
        }
        break;
    }
}

int main(int argc, char **argv)
{
    dice = argc > 1 ? strtoull(argv[1], NULL, 0) * UINT64_C(0x9E3779B97F4A7C15) + 1 : 1;
    long rounds = argc > 2 ? strtol(argv[2], NULL, 0) : 1000;
    for (int at = 0; at < MACHINES; at++)
        make(at);
    for (long round = 0; round < rounds; round++) {
        some_call(0);
        if (kept_count == BLOCKS) { /* blocks go with their machines */
            for (int at = 0; at < MACHINES; at++) {
                told(isadma_destroy(machines[at]));
                make(at);
            }
            while (kept_count)
                free(kept[--kept_count]);
        }
    }
    for (int at = 0; at < MACHINES; at++) {
        told(isadma_destroy(machines[at]));
        free(memories[at]);
    }
    while (kept_count)
        free(kept[--kept_count]);
    printf("%lu callbacks, calls by code:", called_back);
    for (int code = 0; code < 15; code++)
        printf(" %lu", calls_by_code[code]);
    printf("\n");
    return 0;
}
