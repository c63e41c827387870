/* A sector goes from a disk into memory, by DMA on channel 2, as a floppy controller does it.
 *
 *     sector                 move it, and say what came of it
 *     sector --save FILE     stop in the middle of the transfer, and keep everything in a file
 *     sector --load FILE     go on from there
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "isadma.h"

enum { CHANNEL = 2, SECTOR = 512, ADDRESS = 0x1E000, MEMORY = 1 << 18, HALF = 300 };

/* The disk: the sector, and how much of it is gone. */
struct disk {
    isadma_machine *machine;
    uint8_t sector[SECTOR];
    uint32_t given;
    uint32_t counted;
};

static void check(int32_t code, const char *what)
{
    if (code != ISADMA_OK) {
        fprintf(stderr, "sector: %s: %s\n", what, isadma_error_text(code));
        exit(1);
    }
}

static uint16_t give(void *host, int channel)
{
    struct disk *disk = host;
    uint8_t value = disk->given < SECTOR ? disk->sector[disk->given++] : 0xFF;
    if (disk->given == SECTOR)
        check(isadma_set_dreq(disk->machine, channel, 0), "DREQ");
    return value;
}

static void counted(void *host, int channel)
{
    struct disk *disk = host;
    disk->counted = 1;
    check(isadma_set_dreq(disk->machine, channel, 0), "DREQ");
}

static void out(isadma_machine *machine, uint32_t port, uint32_t value)
{
    check(isadma_outb(machine, port, value), "a port");
}

/* Program channel 2 for the sector, and have the disk ask. */
static void begin(struct disk *disk)
{
    static const uint8_t setup[][2] = {
#ifdef ISADMA_HAS_CASCADE
        {0xD6, 0xC0}, {0xD4, 0x00},                     /* DMA 1 is on channel 4 of DMA 2 */
#endif
        {0x0A, 0x06}, {0x0C, 0x00}, {0x0B, 0x46},       /* mask channel 2; single transfers, to memory */
        {0x04, ADDRESS & 0xFF}, {0x04, ADDRESS >> 8 & 0xFF}, {0x81, ADDRESS >> 16},
        {0x05, (SECTOR - 1) & 0xFF}, {0x05, (SECTOR - 1) >> 8}, {0x0A, 0x02},
    };
    for (size_t at = 0; at < sizeof setup / sizeof *setup; at++)
        out(disk->machine, setup[at][0], setup[at][1]);
    check(isadma_set_dreq(disk->machine, CHANNEL, 1), "DREQ");
}

/* A file with everything: the machine's state, its memory, and the disk's own. */
static void keep(struct disk *disk, uint8_t *memory, const char *name)
{
    static uint8_t state[ISADMA_STATE_SIZE];
    check(isadma_save(disk->machine, state, sizeof state), name);
    FILE *file = fopen(name, "wb");
    if (!file || fwrite(state, sizeof state, 1, file) != 1 || fwrite(&disk->given, sizeof disk->given, 1, file) != 1 ||
        fwrite(memory, MEMORY, 1, file) != 1 || fclose(file)) {
        fprintf(stderr, "sector: cannot write %s\n", name);
        exit(1);
    }
}

static void go_on_from(struct disk *disk, uint8_t *memory, const char *name)
{
    static uint8_t state[ISADMA_STATE_SIZE];
    FILE *file = fopen(name, "rb");
    if (!file || fread(state, sizeof state, 1, file) != 1 || fread(&disk->given, sizeof disk->given, 1, file) != 1 ||
        fread(memory, MEMORY, 1, file) != 1 || disk->given > SECTOR) {
        fprintf(stderr, "sector: %s is no file that --save wrote\n", name);
        exit(1);
    }
    fclose(file);
    check(isadma_load(disk->machine, state, sizeof state), name);
}

int main(int argc, char **argv)
{
    struct disk disk = {0};
    isadma_callbacks callbacks = {0};
    isadma_config config;
    uint64_t clocks = 0, ran = 0;
    uint32_t sum = 1, squares = 0;
    uint8_t *memory = calloc(1, MEMORY);

    if (!memory || (argc != 1 && argc != 3) || (argc == 3 && strcmp(argv[1], "--save") && strcmp(argv[1], "--load"))) {
        fprintf(stderr, "usage: sector [--save FILE | --load FILE]\n");
        return 2;
    }
    if (isadma_abi_version() != ISADMA_ABI_VERSION || isadma_state_size() != ISADMA_STATE_SIZE) {
        fprintf(stderr, "sector: the library is of another version than its header\n");
        return 1;
    }
    for (int at = 0; at < SECTOR; at++)
        disk.sector[at] = (uint8_t)(at * 7 + (at >> 8) * 13);

    callbacks.size = sizeof callbacks;
    callbacks.host = &disk;
    callbacks.dma_read = give;
    callbacks.tc = counted;
    check(isadma_default(&config, sizeof config), "the defaults");
    config.memory = memory;
    config.memory_size = MEMORY;
    check(isadma_create(&config, &callbacks, &disk.machine), "a machine");

    if (argc == 3 && !strcmp(argv[1], "--load")) {
        go_on_from(&disk, memory, argv[2]);
    } else {
        begin(&disk);
    }
    if (argc == 3 && !strcmp(argv[1], "--save")) {
        while (disk.given < HALF)
            check(isadma_run(disk.machine, 1, NULL), "a clock");
        keep(&disk, memory, argv[2]);
    } else {
        check(isadma_run_until(disk.machine, 1000000, ISADMA_ON_TC, &ran, NULL), "the transfer");
        check(isadma_run(disk.machine, 100, NULL), "its end");
    }
    check(isadma_clocks(disk.machine, &clocks), "the clocks");
    for (int at = 0; at < MEMORY; at++) { /* Adler-32, as zlib has it */
        sum = (sum + memory[at]) % 65521;
        squares = (squares + sum) % 65521;
    }
    printf("%u bytes given, TC %u, %llu clocks, memory %08x\n", disk.given, disk.counted, (unsigned long long)clocks,
           squares << 16 | sum);
    check(isadma_destroy(disk.machine), "the end");
    if (argc == 1 && memcmp(memory + ADDRESS, disk.sector, SECTOR)) {
        fprintf(stderr, "sector: what is in memory is not what the disk gave\n");
        return 1;
    }
    free(memory);
    return 0;
}
